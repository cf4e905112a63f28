using DeepTricks.Losses;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// The mean cost of the predicted classes: the error rate, where each mistake counts what it costs. Outputs are scores [N, C] of any floating dtype, C
/// being the classes that there are costs for; targets are classes [N], int64, on the same device, and a label on the CPU that is no class is refused.
/// </summary>
/// <param name="costs">The cost of each mistake.</param>
public sealed class MeanCost(ClassCosts costs) : MeanMetric("cost")
{
    private readonly ClassCosts _costs = costs ?? throw new ArgumentNullException(nameof(costs));

    /// <inheritdoc/>
    protected override long Check(Tensor output, Tensor target)
    {
        var rows = ClassScores.Check(output, target);
        if (output.shape[1] != _costs.Classes)
            throw new ArgumentException($"The costs are for {_costs.Classes} classes; the scores have {output.shape[1]}.", nameof(output));
        SoftTargetChecks.CheckRange(target, _costs.Classes);
        return rows;
    }

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor output, Tensor target)
    {
        var table = _costs.On(ScalarType.Float64, output.device).reshape(-1);
        return table.index_select(0, (target * _costs.Classes) + output.argmax(1)).sum();
    }
}
