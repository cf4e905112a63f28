using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// The largest distance |accuracy − mean confidence| of all bins that hold samples, for where a wrong confidence is dangerous
/// (Guo et al., "On Calibration of Modern Neural Networks", 2017). A bin of few samples counts as much as any other.
/// </summary>
/// <param name="bins">The number of bins of equal width, each open below and closed above; 15 by default, as in the paper.</param>
public sealed class MaximumCalibrationError(int bins = ExpectedCalibrationError.DefaultBins) : IMetric
{
    private readonly CalibrationBins _bins = new(bins);

    /// <inheritdoc/>
    public string Name => "mce";

    /// <inheritdoc cref="ExpectedCalibrationError.Update"/>
    public void Update(Tensor output, Tensor target) => _bins.Update(output, target);

    /// <inheritdoc/>
    public double Compute()
    {
        var found = _bins.Read();

        // Max() passes over NaN, which a diverged model must not hide behind.
        return found.Count == 0 || found.Any(bin => double.IsNaN(bin.Gap)) ? double.NaN : found.Max(bin => bin.Gap);
    }

    /// <inheritdoc/>
    public void Reset() => _bins.Reset();

    /// <summary>Disposes of the gathered sums.</summary>
    public void Dispose() => _bins.Dispose();
}
