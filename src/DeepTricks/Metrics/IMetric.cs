using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>A figure over many batches. It is gathered on the device and read once at the end.</summary>
public interface IMetric : IDisposable
{
    /// <summary>The name under which the figure is reported, for example "accuracy".</summary>
    string Name { get; }

    /// <summary>Takes in a batch, without waiting for the device.</summary>
    /// <param name="output">The model's output.</param>
    /// <param name="target">The targets.</param>
    void Update(Tensor output, Tensor target);

    /// <summary>The figure over all batches since the last <see cref="Reset"/>; NaN where there were none. Waits for the device.</summary>
    double Compute();

    /// <summary>Starts anew.</summary>
    void Reset();
}
