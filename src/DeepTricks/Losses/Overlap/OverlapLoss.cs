using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>1 − a ratio of overlap: what Dice, IoU and Tversky have in common.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Factor">k of the ratio.</param>
/// <param name="FalsePositives">α.</param>
/// <param name="FalseNegatives">β.</param>
/// <param name="Squared">Whether P and T are sums of squares.</param>
/// <param name="Exponent">What 1 − score is raised to.</param>
internal sealed record OverlapLoss(
    OverlapLossOptions Options, double Factor, double FalsePositives, double FalseNegatives, bool Squared = false, double Exponent = 1)
{
    /// <summary>Keeps a power's slope finite at 0.</summary>
    private const double LeastBase = 1e-12;

    public Tensor Of(Tensor scores, Tensor target)
    {
        if (Options is { Pooling: OverlapPooling.Sample, ClassWeights: not null })
        {
            throw new ArgumentException("Classes that are pooled have no weights of their own.", nameof(Options));
        }

        using var scope = NewDisposeScope();
        var counts = OverlapCounts.Of(SegmentationInput.Of(scores, target, Options.Activation, Options.IgnoreIndex), Squared);
        counts = (Options.IncludeBackground ? counts : counts.Foreground()).Pooled(Options.Pooling);
        return Reduced(counts).to(scores.dtype).MoveToOuterDisposeScope();
    }

    private Tensor Reduced(OverlapCounts counts)
    {
        var (intersection, predicted, target) = counts;
        var present = Options.EmptyTargets == EmptyTargetPolicy.AsComputed ? null : target > 0;
        var denominator = (intersection * (Factor * (1 - FalsePositives - FalseNegatives)))
            + (predicted * (Factor * FalsePositives)) + (target * (Factor * FalseNegatives)) + Options.DenominatorSmoothing;
        if (Options.LeastDenominator > 0)
        {
            denominator = denominator.clamp_min(Options.LeastDenominator);
        }

        if (present is not null)
        {
            // A ratio that is not wanted must not be 0 / 0 either: its NaN would come back through the gradient.
            denominator = denominator.where(present, ones_like(denominator));
        }

        var loss = 1 - (((intersection * Factor) + Options.NumeratorSmoothing) / denominator);
        if (Exponent != 1)
        {
            loss = loss.clamp_min(LeastBase).pow(Exponent);
        }

        return Mean(present is null ? loss : loss.where(present, zeros_like(loss)), present);
    }

    private Tensor Mean(Tensor loss, Tensor? present)
    {
        var weights = SegmentationChecks.WeightsOf(Options.ClassWeights, loss.shape[^1], loss);
        var weighted = weights is null ? loss : loss * weights;
        if (Options.Reduction != nn.Reduction.Mean)
        {
            return Options.Reduction == nn.Reduction.Sum ? weighted.sum() : weighted;
        }

        if (Options.EmptyTargets != EmptyTargetPolicy.LeaveOut && (weights is null || !Options.NormalizeWeights))
        {
            return weighted.mean();
        }

        var shares = weights is null || !Options.NormalizeWeights ? ones_like(loss) : weights.expand_as(loss);
        return Options.EmptyTargets == EmptyTargetPolicy.LeaveOut
            ? weighted.sum() / (shares * present!).sum().clamp_min(LeastBase)
            : weighted.sum() / shares.sum();
    }
}
