using DeepTricks.Losses;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>The mean cost of the predicted classes: the error rate, where each mistake counts what it costs.</summary>
/// <param name="costs">The cost of each mistake.</param>
public sealed class MeanCost(ClassCosts costs) : IMetric
{
    private readonly ClassCosts _costs = costs ?? throw new ArgumentNullException(nameof(costs));
    private readonly Mean _mean = new();

    /// <inheritdoc/>
    public string Name => "cost";

    /// <summary>Takes in a batch, without waiting for the device.</summary>
    /// <param name="output">Scores [N, C] of any floating dtype, C being the classes that there are costs for.</param>
    /// <param name="target">Classes [N], int64, on the same device.</param>
    /// <exception cref="ArgumentException">Another shape or dtype, or a label on the CPU that is no class.</exception>
    public void Update(Tensor output, Tensor target)
    {
        var rows = ClassScores.Check(output, target);
        if (output.shape[1] != _costs.Classes)
            throw new ArgumentException($"The costs are for {_costs.Classes} classes; the scores have {output.shape[1]}.", nameof(output));
        SoftTargetChecks.CheckRange(target, _costs.Classes);
        if (rows == 0)
            return;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var table = _costs.On(ScalarType.Float64, output.device).reshape(-1);
        _mean.AddSum(table.index_select(0, (target * _costs.Classes) + output.argmax(1)).sum(), rows);
    }

    /// <inheritdoc/>
    public double Compute() => _mean.Compute();

    /// <inheritdoc/>
    public void Reset() => _mean.Reset();

    /// <summary>Disposes of the gathered sum.</summary>
    public void Dispose() => _mean.Dispose();
}
