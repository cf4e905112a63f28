using System.Runtime.CompilerServices;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>The arguments and settings that losses over pixels share, checked before libtorch sees them.</summary>
internal static class SegmentationChecks
{
    public static void Check(Tensor scores, Tensor target, ScoreActivation activation)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(target);
        if (scores.dim() < 2 || scores.shape[1] == 0)
        {
            throw new ArgumentException($"Expected scores of shape [N, C] or [N, C, d1, ...]; the shape is {scores.ShapeText()}.", nameof(scores));
        }

        if (!scores.is_floating_point())
        {
            throw new ArgumentException($"Expected scores of a floating type; the type is {scores.dtype}.", nameof(scores));
        }

        if (activation == ScoreActivation.Softmax && scores.shape[1] == 1)
        {
            throw new ArgumentException(
                "The softmax of one class is 1 whatever its score; one class against the rest takes ScoreActivation.Sigmoid.", nameof(scores));
        }

        CheckTarget(scores, target);
    }

    public static long Pixels(Tensor scores)
    {
        var pixels = 1L;
        foreach (var size in scores.shape.AsSpan(2))
        {
            pixels *= size;
        }

        return pixels;
    }

    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number of at least 0.");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number above 0.");

    public static IReadOnlyList<double>? Weights(IReadOnlyList<double>? values, [CallerArgumentExpression(nameof(values))] string? name = null)
    {
        foreach (var value in values ?? [])
        {
            NotNegative(value, name);
        }

        return values;
    }

    /// <summary>Makes sure that there is a weight for each class.</summary>
    public static void CheckWeights(IReadOnlyList<double>? weights, long classes)
    {
        if (weights is not null && weights.Count != classes)
        {
            throw new ArgumentException($"Expected a weight for each of {classes} classes that count; there are {weights.Count}.", nameof(weights));
        }
    }

    /// <summary>Weights as a tensor like another, after making sure that there is one for each class.</summary>
    public static Tensor? WeightsOf(IReadOnlyList<double>? weights, long classes, Tensor like)
    {
        CheckWeights(weights, classes);
        return weights is null ? null : tensor(weights.ToArray(), dtype: like.dtype, device: like.device);
    }

    private static void CheckTarget(Tensor scores, Tensor target)
    {
        long[] labels = [scores.shape[0], .. scores.shape[2..]];
        var isMask = target.shape.SequenceEqual(scores.shape);
        if (!isMask && !target.shape.SequenceEqual(labels))
        {
            throw new ArgumentException(
                $"Expected labels {labels.ShapeText()} or masks {scores.ShapeText()} for scores of that shape; the shape is {target.ShapeText()}.", nameof(target));
        }

        isMask |= scores.shape[1] == 1;
        if (isMask ? target.dtype is not (ScalarType.Int64 or ScalarType.Bool) && !target.is_floating_point() : target.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Expected {(isMask ? "masks of type Bool, Int64 or a floating type" : "labels of type Int64")}; the type is {target.dtype}.", nameof(target));
        }

        if (!target.SharesDeviceWith(scores))
        {
            throw new ArgumentException($"Expected a target on {scores.device}, where the scores are; it is on {target.device}.", nameof(target));
        }
    }
}
