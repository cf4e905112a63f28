using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>The part of the samples whose highest score is not at the target's class, from 0 to 1.</summary>
public sealed class ErrorRate : IMetric
{
    private readonly Accuracy _accuracy = new();

    /// <inheritdoc/>
    public string Name => "error";

    /// <inheritdoc cref="MeanMetric.Update"/>
    public void Update(Tensor output, Tensor target) => _accuracy.Update(output, target);

    /// <inheritdoc/>
    public double Compute() => 1 - _accuracy.Compute();

    /// <inheritdoc/>
    public void Reset() => _accuracy.Reset();

    /// <summary>Disposes of the gathered sum.</summary>
    public void Dispose() => _accuracy.Dispose();
}
