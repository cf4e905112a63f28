using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>Maps of the evidence for each sample's target, in the caller's dispose scope.</summary>
internal static class TargetEvidence
{
    internal static Tensor Plain(Tensor features, Tensor weight, Tensor? labels, CamConstraintOptions options)
    {
        ArgumentNullException.ThrowIfNull(weight);
        CheckFeatures(features);
        var flat = weight.dim() > 2 ? weight.flatten(1) : weight;
        if (flat.dim() != 2 || flat.size(1) != features.size(1))
        {
            throw new ArgumentException(
                $"Expected the weights [K, {features.size(1)}] of a layer behind the global average of the features {features.ShapeText()}; the shape is {weight.ShapeText()}.", nameof(weight));
        }

        var rows = Rows(flat, labels, features, options);
        if (options.Relative && flat.size(0) > 1)
        {
            rows = rows - flat.mean([0]);
        }

        return ChannelSum.Of(features, rows);
    }

    internal static Tensor ByGradient(Tensor scores, Tensor features, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(scores);
        CheckFeatures(features);
        if (scores.dim() != 2 || scores.size(0) != features.size(0))
        {
            throw new ArgumentException($"Expected scores [{features.size(0)}, K]; the shape is {scores.ShapeText()}.", nameof(scores));
        }

        var target = scores;
        if (scores.size(1) > 1)
        {
            CheckLabels(labels, features.size(0), scores.size(1), scores);
            target = scores.gather(1, labels!.unsqueeze(1));
        }

        var gradient = autograd.grad([target.sum()], [features], create_graph: true, retain_graph: true)[0];
        return ChannelSum.Of(features, gradient.sum([2, 3]));
    }

    // The weights of the class that each map is of, [N, C].
    private static Tensor Rows(Tensor weight, Tensor? labels, Tensor features, CamConstraintOptions options)
    {
        var classes = weight.size(0);
        if ((classes == 1 ? 0 : options.Class) is { } one)
        {
            return one >= 0 && one < classes
                ? weight.narrow(0, one, 1).expand(features.size(0), -1)
                : throw new ArgumentOutOfRangeException(nameof(options), one, $"The classifier has {classes} classes.");
        }

        if (labels is not null && labels.is_floating_point() && labels.dim() == 2 && labels.size(0) == features.size(0) && labels.size(1) == classes)
        {
            return labels.to(weight.dtype).matmul(weight);
        }

        CheckLabels(labels, features.size(0), classes, features);
        return weight.index_select(0, labels!);
    }

    private static void CheckFeatures(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 4 || !features.is_floating_point())
        {
            throw new ArgumentException($"Expected features [N, C, h, w] of a floating type; the shape is {features.ShapeText()}, the type {features.dtype}.", nameof(features));
        }
    }

    private static void CheckLabels(Tensor? labels, long rows, long classes, Tensor like)
    {
        if (labels is null || labels.dtype != ScalarType.Int64 || labels.dim() != 1 || labels.size(0) != rows || !labels.SharesDeviceWith(like))
        {
            throw new ArgumentException(
                $"Expected a class for each of {rows} samples, [N] of type Int64 on {like.device}, or probabilities of {classes} classes; "
                + (labels is null ? "none came." : $"the shape is {labels.ShapeText()}, the type {labels.dtype}, the device {labels.device}."), nameof(labels));
        }

        SoftTargetChecks.CheckRange(labels, classes);
    }
}
