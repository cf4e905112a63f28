using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>Adds the confidence penalty to whatever loss there is, as the term "confidence-penalty" with the weight β.</summary>
/// <remarks>
/// The model's output is logits [N, K] or [N, K, d1, ...]. Where the targets are labels, ignored ones count for nothing.
/// Pereyra et al., 2017, found it better to begin with little: <c>beta: Schedule.Linear(0, 0.1)</c>.
/// </remarks>
public sealed class ConfidencePenaltyCallback : Callback
{
    private readonly ConfidencePenaltyOptions _options;
    private readonly Schedule _beta;
    private readonly MeanTerm _term;

    /// <summary>Makes the callback.</summary>
    /// <param name="options">The settings; β = 0.1 without a threshold where null.</param>
    /// <param name="beta">β over time, in place of that of the options, and never below 0.</param>
    /// <exception cref="ArgumentException">The reduction is none.</exception>
    public ConfidencePenaltyCallback(ConfidencePenaltyOptions? options = null, Schedule? beta = null)
    {
        _options = options ?? new();
        _beta = beta ?? Schedule.Constant(_options.Beta);
        _term = MeanTerm.For(_options.Reduction, _options.IgnoreIndex);
    }

    /// <inheritdoc/>
    public override string Name => $"{nameof(ConfidencePenaltyCallback)}(beta: {_beta})";

    /// <inheritdoc/>
    public override CallbackEffects Effects => new()
    {
        Reads = TrainingParts.Output | TrainingParts.Targets,
        Writes = TrainingParts.LossTerms,
    };

    /// <inheritdoc/>
    public override void AfterLoss(StepContext step)
    {
        const string name = "confidence-penalty";
        var beta = ConfidencePenaltyOptions.CheckBeta(_beta.At(step.Trainer.Time));
        if (step.HasTarget && step.Target.dtype == ScalarType.Int64)
        {
            step.Terms.Add(_term.Of(name, step, reduction => ConfidencePenaltyLoss.Penalty(
                step.Output, step.Target, 1, _options.Threshold, _options.IgnoreIndex, reduction), beta));
            return;
        }

        // Targets that are probabilities, or none: every row counts.
        var value = ConfidencePenaltyLoss.Penalty(step.Output, 1, _options.Threshold, _options.Reduction);
        step.Terms.Add(_options.Reduction == nn.Reduction.Sum ? LossTerm.Sum(name, value, beta) : new(name, value, beta));
    }
}
