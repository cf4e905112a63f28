using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

/// <summary>Writes down every event under a name.</summary>
internal sealed class EventRecorder(string name, List<(string Callback, TrainingEvent Event)> events) : Callback
{
    public override void FitStart(Trainer trainer) => Record(TrainingEvent.FitStart);

    public override void EpochStart(Trainer trainer) => Record(TrainingEvent.EpochStart);

    public override void BatchStart(StepContext step) => Record(TrainingEvent.BatchStart);

    public override void BeforeForward(StepContext step) => Record(TrainingEvent.BeforeForward);

    public override void AfterForward(StepContext step) => Record(TrainingEvent.AfterForward);

    public override void BeforeLoss(StepContext step) => Record(TrainingEvent.BeforeLoss);

    public override void AfterLoss(StepContext step) => Record(TrainingEvent.AfterLoss);

    public override void BeforeBackward(StepContext step) => Record(TrainingEvent.BeforeBackward);

    public override void AfterBackward(StepContext step) => Record(TrainingEvent.AfterBackward);

    public override void UnscaleGradients(StepContext step) => Record(TrainingEvent.UnscaleGradients);

    public override void TransformGradients(StepContext step) => Record(TrainingEvent.TransformGradients);

    public override void ClipGradients(StepContext step) => Record(TrainingEvent.ClipGradients);

    public override void BeforeStep(StepContext step) => Record(TrainingEvent.BeforeStep);

    public override void AfterStep(StepContext step) => Record(TrainingEvent.AfterStep);

    public override void BatchEnd(StepContext step) => Record(TrainingEvent.BatchEnd);

    public override void EvaluationStart(Trainer trainer) => Record(TrainingEvent.EvaluationStart);

    public override void EvaluationBatchEnd(StepContext step) => Record(TrainingEvent.EvaluationBatchEnd);

    public override void EvaluationEnd(Trainer trainer) => Record(TrainingEvent.EvaluationEnd);

    public override void EpochEnd(Trainer trainer) => Record(TrainingEvent.EpochEnd);

    public override void Checkpoint(Trainer trainer) => Record(TrainingEvent.Checkpoint);

    public override void FitEnd(Trainer trainer) => Record(TrainingEvent.FitEnd);

    private void Record(TrainingEvent at) => events.Add((name, at));
}
