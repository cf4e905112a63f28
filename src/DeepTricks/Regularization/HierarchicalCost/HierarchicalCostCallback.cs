using DeepTricks.Losses;
using DeepTricks.Training;

namespace DeepTricks.Regularization;

/// <summary>Adds the expected cost of the prediction to whatever loss there is, as the term "hierarchical-cost" with the weight λ.</summary>
/// <remarks>The model's output is logits [N, K] or [N, K, d1, ...], the targets are labels.</remarks>
public sealed class HierarchicalCostCallback : Callback
{
    private readonly ClassCosts _costs;
    private readonly HierarchicalCostOptions _options;
    private readonly MeanTerm _term;

    /// <summary>Makes the callback.</summary>
    /// <param name="costs">The cost of each mistake.</param>
    /// <param name="options">The settings; λ = 1 where null.</param>
    /// <exception cref="ArgumentException">The reduction is none.</exception>
    public HierarchicalCostCallback(ClassCosts costs, HierarchicalCostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(costs);
        (_costs, _options) = (costs, options ?? new());
        _term = MeanTerm.For(_options.Reduction, _options.IgnoreIndex);
    }

    /// <inheritdoc/>
    public override CallbackEffects Effects => new()
    {
        Reads = TrainingParts.Output | TrainingParts.Targets,
        Writes = TrainingParts.LossTerms,
    };

    /// <inheritdoc/>
    public override void AfterLoss(StepContext step) => step.Terms.Add(_term.Of(
        "hierarchical-cost", step, reduction => HierarchicalCostLoss.Expected(step.Output, step.Target, _costs, _options.IgnoreIndex, reduction), _options.Weight));
}
