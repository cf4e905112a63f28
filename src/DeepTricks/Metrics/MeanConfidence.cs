using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>The mean of the highest probability of each sample, from 1/C to 1: how certain a model is, right or wrong.</summary>
public sealed class MeanConfidence : IMetric
{
    private readonly Mean _mean = new();

    /// <inheritdoc/>
    public string Name => "confidence";

    /// <inheritdoc cref="ExpectedCalibrationError.Update"/>
    public void Update(Tensor output, Tensor target)
    {
        var rows = ClassScores.Check(output, target);
        if (rows == 0)
            return;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        _mean.AddSum(CalibrationBins.Confidence(output).Confidence.sum(), rows);
    }

    /// <inheritdoc/>
    public double Compute() => _mean.Compute();

    /// <inheritdoc/>
    public void Reset() => _mean.Reset();

    /// <summary>Disposes of the gathered sum.</summary>
    public void Dispose() => _mean.Dispose();
}
