using DeepTricks.Metrics;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// The part of the positive evidence that lies outside the objects: its sum over all places outside and samples by that over all places, from 0 to 1. Samples without a mask
/// do not count; NaN where there is no evidence at all. Outputs are maps [N, h, w], not normalised (<see cref="CamConstraint.Evidence"/>); targets are masks [N, H, W].
/// </summary>
/// <param name="match">How masks meet maps of another size; as in the constraint by default.</param>
/// <param name="margin">By how many places the objects are widened.</param>
public sealed class EvidenceOutside(MaskMatch match = MaskMatch.Cover, int margin = 0) : IMetric
{
    private Tensor? _sums;

    /// <inheritdoc/>
    public string Name => "evidence-outside";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void Update(Tensor output, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (map, outside, present) = OutsideEvidence.Matched(output, target, match, margin);
        var evidence = map.relu().to(ScalarType.Float64) * present.reshape(-1, 1, 1);
        var sums = stack([(evidence * outside).sum(), evidence.sum()]);
        _sums ??= zeros(2, dtype: ScalarType.Float64, device: output.device).DetachFromDisposeScope();
        _sums.add_(sums);
    }

    /// <inheritdoc/>
    public double Compute()
    {
        if (_sums is null)
        {
            return double.NaN;
        }

        using var scope = NewDisposeScope();
        return _sums[0].item<double>() / _sums[1].item<double>();
    }

    /// <inheritdoc/>
    public void Reset() => _sums?.zero_();

    /// <summary>Disposes of the gathered sums.</summary>
    public void Dispose()
    {
        _sums?.Dispose();
        _sums = null;
    }
}
