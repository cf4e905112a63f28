using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>Counts, confidences and hits by confidence, summed on the device.</summary>
internal sealed class CalibrationBins : IDisposable
{
    private readonly int _bins;
    private Tensor? _sums;

    internal CalibrationBins(int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        _bins = bins;
    }

    internal void Update(Tensor output, Tensor target)
    {
        if (ClassScores.Check(output, target) == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (confidence, predicted) = Confidence(output);

        // Bin i holds what lies above its lower edge and up to its upper one; what is NaN goes into the last, and stays NaN.
        var edges = linspace(0, 1, _bins + 1, ScalarType.Float64).narrow(0, 1, _bins).to(output.device);
        var bin = confidence.bucketize(edges).clamp_max(_bins - 1);
        var values = stack([ones_like(confidence), confidence, predicted.eq(target).to(ScalarType.Float64)]);
        _sums ??= zeros(3, _bins, dtype: ScalarType.Float64, device: output.device).DetachFromDisposeScope();
        _sums.index_add_(1, bin, values, 1);
    }

    /// <summary>The highest probability of each row, float64, and its class.</summary>
    internal static (Tensor Confidence, Tensor Predicted) Confidence(Tensor logits) =>
        nn.functional.softmax(logits.to(ScalarType.Float64), 1).max(1);

    internal List<CalibrationBin> Read()
    {
        if (_sums is null)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        var sums = MemoryMarshal.Cast<byte, double>(_sums.cpu().contiguous().bytes);
        var bins = new List<CalibrationBin>();
        for (var i = 0; i < _bins; i++)
        {
            if (sums[i] > 0)
            {
                bins.Add(new((long)sums[i], sums[_bins + i] / sums[i], sums[(2 * _bins) + i] / sums[i]));
            }
        }

        return bins;
    }

    internal void Reset() => _sums?.zero_();

    public void Dispose()
    {
        _sums?.Dispose();
        _sums = null;
    }
}
