using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>What losses of distances are computed of: [N, C, d1, ...] each, without class 0 where it does not count, 0 and false where ignored.</summary>
internal sealed record DistanceInput(Tensor Probabilities, Tensor Targets, Tensor Inside, Tensor Valid)
{
    private const double Half = 0.5;

    public int Sides => (int)Probabilities.dim() - 2;

    public static DistanceInput Of(Tensor scores, Tensor target, DistanceLossOptions options)
    {
        SegmentationChecks.Check(scores, target, options.Activation);
        if (scores.dim() is < 3 or > 5)
        {
            throw new ArgumentException(
                $"Expected scores [N, C, d1, ...] of one to three sides; the shape is {scores.ShapeText()}.", nameof(scores));
        }

        var input = SegmentationInput.Of(scores, target, options.Activation, options.IgnoreIndex);
        var (targets, valid) = input.Dense();
        valid = valid.expand_as(targets);
        var probabilities = input.Probabilities(input.Scores);
        probabilities = probabilities.where(valid, zeros_like(probabilities));
        var shape = scores.shape;
        var first = options.IncludeBackground || shape[1] == 1 ? 0 : 1;
        targets = Counted(targets);
        return new(Counted(probabilities), targets, targets > Half, Counted(valid));

        Tensor Counted(Tensor maps) => maps.reshape(shape).narrow(1, first, shape[1] - first);
    }

    /// <summary>Whether the probability is above one half.</summary>
    public Tensor Predicted() => Probabilities.detach() > Half;

    /// <summary>The mean over all that is not ignored.</summary>
    public Tensor Mean(Tensor maps) => maps.sum() / Valid.sum().clamp_min(1);

    /// <summary>The mean of each sample's classes over the pixels that are not ignored, [N, C].</summary>
    public Tensor MeanOfEach(Tensor maps) => maps.flatten(2).sum(2) / Valid.flatten(2).sum(2).clamp_min(1);
}
