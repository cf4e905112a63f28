using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

/// <summary>A callback of lambdas.</summary>
internal sealed class OnEvents : Callback
{
    internal Action<StepContext>? OnBatchStart { get; init; }

    internal Action<StepContext>? OnAfterLoss { get; init; }

    internal Action<StepContext>? OnAfterBackward { get; init; }

    internal Action<StepContext>? OnTransformGradients { get; init; }

    internal Action<StepContext>? OnBeforeStep { get; init; }

    internal Action<StepContext>? OnBatchEnd { get; init; }

    internal Action<Trainer>? OnEpochEnd { get; init; }

    internal Action<Trainer>? OnCheckpoint { get; init; }

    public override void BatchStart(StepContext step) => OnBatchStart?.Invoke(step);

    public override void AfterLoss(StepContext step) => OnAfterLoss?.Invoke(step);

    public override void AfterBackward(StepContext step) => OnAfterBackward?.Invoke(step);

    public override void TransformGradients(StepContext step) => OnTransformGradients?.Invoke(step);

    public override void BeforeStep(StepContext step) => OnBeforeStep?.Invoke(step);

    public override void BatchEnd(StepContext step) => OnBatchEnd?.Invoke(step);

    public override void EpochEnd(Trainer trainer) => OnEpochEnd?.Invoke(trainer);

    public override void Checkpoint(Trainer trainer) => OnCheckpoint?.Invoke(trainer);
}
