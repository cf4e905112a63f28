using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// How far confidence is from accuracy: predictions go into bins by their confidence (the highest probability), and the distances
/// |accuracy − mean confidence| of the bins are averaged, each weighted by its share of the samples
/// (Guo et al., "On Calibration of Modern Neural Networks", 2017). 0 is perfect; a model that is always certain has its error rate.
/// </summary>
/// <param name="bins">The number of bins of equal width, each open below and closed above; 15 by default, as in the paper.</param>
public sealed class ExpectedCalibrationError(int bins = ExpectedCalibrationError.DefaultBins) : IMetric
{
    /// <summary>15, as in Guo et al., 2017.</summary>
    public const int DefaultBins = 15;

    private readonly CalibrationBins _bins = new(bins);

    /// <inheritdoc/>
    public string Name => "ece";

    /// <summary>Takes in a batch, without waiting for the device.</summary>
    /// <param name="output">Logits [N, C] of any floating dtype, before the softmax.</param>
    /// <param name="target">Classes [N], int64, on the same device.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public void Update(Tensor output, Tensor target) => _bins.Update(output, target);

    /// <inheritdoc/>
    public double Compute()
    {
        var found = _bins.Read();
        var samples = found.Sum(bin => bin.Count);
        return samples == 0 ? double.NaN : found.Sum(bin => bin.Count * bin.Gap) / samples;
    }

    /// <summary>The bins that hold samples, from the least confident on: what a reliability diagram shows. Waits for the device.</summary>
    public IReadOnlyList<CalibrationBin> Bins() => _bins.Read();

    /// <inheritdoc/>
    public void Reset() => _bins.Reset();

    /// <summary>Disposes of the gathered sums.</summary>
    public void Dispose() => _bins.Dispose();
}
