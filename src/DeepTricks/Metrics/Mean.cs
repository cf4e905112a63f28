using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>A weighted mean of values that are gathered on their device in float64 and read when asked for.</summary>
/// <example><code>
/// using var mean = new Mean();
/// mean.Add(loss, weight: batch.Count);
/// Console.WriteLine(mean.Compute());
/// </code></example>
public sealed class Mean : IDisposable
{
    private Tensor? _sum;
    private Scalar? _scale;
    private double _scaleValue = double.NaN;

    /// <summary>The sum of the weights.</summary>
    public double Weight { get; private set; }

    /// <summary>Takes in a mean, without waiting for the device.</summary>
    /// <param name="value">A tensor of one element; gradients do not go through.</param>
    /// <param name="weight">Its weight, for example the number of samples it is the mean of.</param>
    public void Add(Tensor value, double weight = 1) => Add(value, weight, weight);

    /// <summary>Takes in a sum, without waiting for the device.</summary>
    /// <param name="sum">A tensor of one element; gradients do not go through.</param>
    /// <param name="count">The number of samples it is the sum of.</param>
    public void AddSum(Tensor sum, double count) => Add(sum, 1, count);

    /// <summary>Adds <paramref name="scale"/> times the value to the sum, and <paramref name="weight"/> to the weights.</summary>
    internal void Add(Tensor value, double scale, double weight)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var ungraded = value.detach();
        _sum ??= zeros([], dtype: ScalarType.Float64, device: value.device).DetachFromDisposeScope();
        if (scale != _scaleValue)
        {
            _scale?.Dispose();
            _scale = scale.ToScalar();
            _scaleValue = scale;
        }
        _sum.add_(ungraded, _scale!);
        Weight += weight;
    }

    /// <summary>The mean; NaN where nothing was added. Waits for the device.</summary>
    public double Compute() => _sum is null ? double.NaN : _sum.item<double>() / Weight;

    /// <summary>Starts anew.</summary>
    public void Reset()
    {
        _sum?.zero_();
        Weight = 0;
    }

    /// <summary>Disposes of the sum.</summary>
    public void Dispose()
    {
        _sum?.Dispose();
        _sum = null;
        _scale?.Dispose();
        _scale = null;
        _scaleValue = double.NaN;
        Weight = 0;
    }

    /// <summary>The weighted sum, or null where nothing was ever added; it stays this object's.</summary>
    internal Tensor? Sum => _sum;

    /// <summary>Goes on from a saved sum, which it takes over.</summary>
    internal void Restore(Tensor sum, double weight, Device device)
    {
        _sum?.Dispose();
        _sum = sum.to(device).DetachFromDisposeScope();
        if (!ReferenceEquals(_sum, sum))
            sum.Dispose();
        Weight = weight;
    }
}
