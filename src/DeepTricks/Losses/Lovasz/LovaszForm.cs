using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>What the two Lovász losses have in common: errors of each class, over an image or the batch, in falling order.</summary>
/// <param name="Hinge">Whether errors are 1 − s·x rather than |t − p|.</param>
/// <param name="PerImage">Whether each image has a loss of its own.</param>
/// <param name="PresentOnly">Whether classes without a pixel are left out of the mean.</param>
internal sealed record LovaszForm(bool Hinge, bool PerImage, bool PresentOnly)
{
    /// <summary>Above it a mask's value is inside.</summary>
    public const double Inside = 0.5;

    public Tensor Of(Tensor scores, Tensor target, ScoreActivation activation, long ignoreIndex)
    {
        using var scope = NewDisposeScope();
        var input = SegmentationInput.Of(scores, target, activation, ignoreIndex);
        var loss = input.ForKernel
            ? input.Fused(pixels => new LovaszKernel(this, pixels))
            : InTensors(input, input.Scores);
        return loss.to(scores.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>All classes at once in tensor operations. An ignored pixel has no error, so that it comes last and costs nothing.</summary>
    public Tensor InTensors(SegmentationInput input, Tensor scores)
    {
        if (scores.numel() == 0)
        {
            return scores.sum() * 0;
        }

        var (targets, valid) = input.Dense();
        var inside = targets > Inside;
        var truth = inside.to(scores.dtype);
        var errors = Hinge ? (1 - (scores * ((truth * 2) - 1))).relu() : (truth - input.Probabilities(scores)).abs();
        errors = Segments(errors.where(valid, zeros_like(errors)));
        var (sorted, order) = errors.sort(-1, descending: true);
        var positive = Segments(truth).gather(-1, order);
        var all = positive.sum(-1, keepdim: true);
        var index = 1 - ((all - positive.cumsum(-1)) / (all + (1 - positive).cumsum(-1)));
        var changes = cat([index.narrow(-1, 0, 1), index.diff(dim: -1)], -1);
        var losses = (sorted * changes).sum(-1);
        if (!PresentOnly)
        {
            // An image of which nothing counts has no class either.
            return losses.mean();
        }

        var present = all.squeeze(-1) > 0;
        return ((losses * present).sum(-1) / present.sum(-1).clamp_min(1)).mean();
    }

    /// <summary>[N, C, P] as [N, C, P], or as [1, C, NP] where the batch is one image.</summary>
    private Tensor Segments(Tensor maps) => PerImage ? maps : maps.transpose(0, 1).reshape(1, maps.shape[1], -1);
}
