namespace DeepTricks.Training;

/// <summary>The events of a run, one for each method of <see cref="Callback"/>; <see cref="TrainingLoop.Text"/> says when each comes.</summary>
public enum TrainingEvent
{
    /// <summary>Before the first step of a call of <see cref="Trainer.Fit"/>, after a checkpoint was restored.</summary>
    FitStart,

    /// <summary>Before the first batch of an epoch.</summary>
    EpochStart,

    /// <summary>A batch is there, on the device; it may be changed as a whole.</summary>
    BatchStart,

    /// <summary>Before the forward pass of a micro-batch; its input may be changed.</summary>
    BeforeForward,

    /// <summary>The model's output is there.</summary>
    AfterForward,

    /// <summary>Before the objective computes its loss; targets may be changed, or the main loss taken over.</summary>
    BeforeLoss,

    /// <summary>The objective's terms are there; terms may be added and reweighted.</summary>
    AfterLoss,

    /// <summary>The terms are summed; the sum is about to be differentiated.</summary>
    BeforeBackward,

    /// <summary>The gradients of this micro-batch have been added.</summary>
    AfterBackward,

    /// <summary>The gradients of the batch are complete, and a loss scale is to be divided out of them.</summary>
    UnscaleGradients,

    /// <summary>The place for surgery on gradients, and for asking for another pass (<see cref="StepContext.Recompute"/>).</summary>
    TransformGradients,

    /// <summary>The place for bounds on the gradients' size.</summary>
    ClipGradients,

    /// <summary>The gradients are final.</summary>
    BeforeStep,

    /// <summary>The weights have been updated.</summary>
    AfterStep,

    /// <summary>The batch is done.</summary>
    BatchEnd,

    /// <summary>Before an evaluation; weights may be swapped.</summary>
    EvaluationStart,

    /// <summary>The output of a batch of the evaluation has been counted.</summary>
    EvaluationBatchEnd,

    /// <summary>After an evaluation, with its results; comes even when the evaluation failed.</summary>
    EvaluationEnd,

    /// <summary>After the last batch of an epoch and its evaluation, with all results.</summary>
    EpochEnd,

    /// <summary>All callbacks are done with a batch, or with an epoch: the state is whole and may be saved.</summary>
    Checkpoint,

    /// <summary>The run has ended or was asked to stop.</summary>
    FitEnd,
}
