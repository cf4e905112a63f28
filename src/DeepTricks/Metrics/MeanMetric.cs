using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>A metric that is a mean over the samples: what a sample is worth is all that differs.</summary>
/// <param name="name">The name under which the figure is reported.</param>
public abstract class MeanMetric(string name) : IMetric
{
    private readonly Mean _mean = new();

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Another shape or dtype than the metric takes.</exception>
    public void Update(Tensor output, Tensor target)
    {
        var samples = Check(output, target);
        if (samples == 0)
            return;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        _mean.AddSum(Sum(output, target), samples);
    }

    /// <inheritdoc/>
    public double Compute() => _mean.Compute();

    /// <inheritdoc/>
    public void Reset() => _mean.Reset();

    /// <summary>Disposes of the gathered sum.</summary>
    public void Dispose()
    {
        _mean.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Throws where the arguments are not what the metric takes.</summary>
    /// <param name="output">The model's output.</param>
    /// <param name="target">The targets.</param>
    /// <returns>The number of samples.</returns>
    protected abstract long Check(Tensor output, Tensor target);

    /// <summary>The sum over the samples, of which there is one at least; called inside a dispose scope, without gradients.</summary>
    /// <param name="output">The model's output.</param>
    /// <param name="target">The targets.</param>
    protected abstract Tensor Sum(Tensor output, Tensor target);
}
