namespace DeepTricks.Training;

/// <summary>
/// Something that takes part in training. Override the events at which it acts; those not overridden cost nothing.
/// <see cref="TrainingLoop.Text"/> says when each comes and in which order callbacks run.
/// </summary>
/// <remarks>
/// Tensors made in an event belong to the scope of the step (of the micro-batch, up to <see cref="AfterBackward"/>) and are
/// disposed of with it; what a callback keeps it detaches from its scope. An event should not wait for the device
/// (<c>item</c>, <c>cpu</c>) unless it does so rarely.
/// </remarks>
public abstract class Callback
{
    /// <summary>What people read in messages, in <see cref="Trainer.Describe"/> and in timings; the name of the type by default.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>What the callback reads and writes, and what it cannot be combined with; nothing by default.</summary>
    public virtual CallbackEffects Effects => CallbackEffects.None;

    /// <summary>Puts into a checkpoint what the callback has to remember. Called at <see cref="Checkpoint"/>.</summary>
    /// <param name="state">Takes scalars, strings, tensors and generators under names of the callback's own.</param>
    public virtual void SaveState(CallbackState state) { }

    /// <summary>Takes back what <see cref="SaveState"/> saved. Called before <see cref="FitStart"/>, on a new object as a rule.</summary>
    /// <param name="state">What was saved; valid during the call.</param>
    /// <param name="trainer">The trainer, whose model has its weights back already.</param>
    public virtual void RestoreState(CallbackState state, Trainer trainer) { }

    /// <inheritdoc cref="TrainingEvent.FitStart"/>
    /// <param name="trainer">The trainer.</param>
    public virtual void FitStart(Trainer trainer) { }

    /// <inheritdoc cref="TrainingEvent.EpochStart"/>
    /// <param name="trainer">The trainer.</param>
    public virtual void EpochStart(Trainer trainer) { }

    /// <inheritdoc cref="TrainingEvent.BatchStart"/>
    /// <param name="step">The step.</param>
    public virtual void BatchStart(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.BeforeForward"/>
    /// <param name="step">The step.</param>
    public virtual void BeforeForward(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.AfterForward"/>
    /// <param name="step">The step.</param>
    public virtual void AfterForward(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.BeforeLoss"/>
    /// <param name="step">The step.</param>
    public virtual void BeforeLoss(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.AfterLoss"/>
    /// <param name="step">The step.</param>
    public virtual void AfterLoss(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.BeforeBackward"/>
    /// <param name="step">The step.</param>
    public virtual void BeforeBackward(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.AfterBackward"/>
    /// <param name="step">The step.</param>
    public virtual void AfterBackward(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.UnscaleGradients"/>
    /// <param name="step">The step.</param>
    public virtual void UnscaleGradients(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.TransformGradients"/>
    /// <param name="step">The step.</param>
    public virtual void TransformGradients(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.ClipGradients"/>
    /// <param name="step">The step.</param>
    public virtual void ClipGradients(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.BeforeStep"/>
    /// <param name="step">The step.</param>
    public virtual void BeforeStep(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.AfterStep"/>
    /// <param name="step">The step.</param>
    public virtual void AfterStep(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.BatchEnd"/>
    /// <param name="step">The step.</param>
    public virtual void BatchEnd(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.EvaluationStart"/>
    /// <param name="trainer">The trainer.</param>
    public virtual void EvaluationStart(Trainer trainer) { }

    /// <inheritdoc cref="TrainingEvent.EvaluationBatchEnd"/>
    /// <param name="step">The batch with its output.</param>
    public virtual void EvaluationBatchEnd(StepContext step) { }

    /// <inheritdoc cref="TrainingEvent.EvaluationEnd"/>
    /// <param name="trainer">The trainer.</param>
    public virtual void EvaluationEnd(Trainer trainer) { }

    /// <inheritdoc cref="TrainingEvent.EpochEnd"/>
    /// <param name="trainer">The trainer.</param>
    public virtual void EpochEnd(Trainer trainer) { }

    /// <inheritdoc cref="TrainingEvent.Checkpoint"/>
    /// <param name="trainer">The trainer; <see cref="Trainer.IsEpochEnd"/> tells the two occasions apart.</param>
    public virtual void Checkpoint(Trainer trainer) { }

    /// <inheritdoc cref="TrainingEvent.FitEnd"/>
    /// <param name="trainer">The trainer.</param>
    public virtual void FitEnd(Trainer trainer) { }
}
