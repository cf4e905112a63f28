using DeepTricks.Kernels;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Adds the terms of a <see cref="CamConstraint"/>, <see cref="MaskPrior"/> or <see cref="AuxiliaryLabels"/> to the loss of each step. Checkpoints hold the prior's learner;
/// its parameters are optimised with the model's where the optimiser was given them.
/// </summary>
public sealed class PriorCallback : Callback
{
    private const string LearnerPrefix = "learner.";
    private readonly LayerPrior _prior;
    private readonly Func<StepContext, Tensor> _rows;

    /// <summary>Makes the callback.</summary>
    /// <param name="prior">The prior, made for the trainer's model; it stays the caller's.</param>
    /// <param name="rows">
    /// Gives what the prior needs to know of all samples of the step's batch, on the device of its input: masks, or finer labels.
    /// <see cref="SampleTable.Of(StepContext)"/> looks it up.
    /// </param>
    public PriorCallback(LayerPrior prior, Func<StepContext, Tensor> rows)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(rows);
        (_prior, _rows) = (prior, rows);
    }

    /// <inheritdoc/>
    public override string Name => _prior.GetType().Name;

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Reads = TrainingParts.Targets, Writes = TrainingParts.LossTerms };

    /// <summary>Forgets forward passes other than that of the loss.</summary>
    /// <param name="step">The step.</param>
    public override void BeforeForward(StepContext step) => _prior.Forget();

    /// <inheritdoc/>
    public override void AfterLoss(StepContext step)
    {
        var all = _rows(step);
        if (all.dim() < 1 || all.size(0) != step.BatchRows)
        {
            throw new InvalidOperationException(
                $"Expected one row for each of {step.BatchRows} samples of the batch; what came for {Name} has the shape {all.ShapeText()}.");
        }

        foreach (var term in _prior.TermsOf(step, SampleTable.MicroBatch(step, all), all))
        {
            step.Terms.Add(term);
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state) => ModuleState.Save(state, LearnerPrefix, _prior.Learner);

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer) => ModuleState.Restore(state, LearnerPrefix, _prior.Learner);
}
