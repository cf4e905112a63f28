using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>The part of the samples whose highest score is at the target's class, from 0 to 1.</summary>
public sealed class Accuracy : IMetric
{
    private readonly Mean _mean = new();

    /// <inheritdoc/>
    public string Name => "accuracy";

    /// <summary>Takes in a batch, without waiting for the device.</summary>
    /// <param name="output">Scores [N, C] of any floating dtype.</param>
    /// <param name="target">Classes [N], int64, on the same device.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public void Update(Tensor output, Tensor target)
    {
        var rows = ClassScores.Check(output, target);
        if (rows == 0)
            return;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        _mean.AddSum(output.argmax(1).eq(target).sum(), rows);
    }

    /// <inheritdoc/>
    public double Compute() => _mean.Compute();

    /// <inheritdoc/>
    public void Reset() => _mean.Reset();

    /// <summary>Disposes of the gathered sum.</summary>
    public void Dispose() => _mean.Dispose();
}
