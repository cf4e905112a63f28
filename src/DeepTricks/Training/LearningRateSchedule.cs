using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// Sets the learning rate of every group of parameters before each step: a schedule's value times the group's initial rate.
/// </summary>
/// <example><code>
/// new LearningRateSchedule(Schedule.WarmUp("5ep", Schedule.Cosine(1, 0)))
/// </code></example>
public sealed class LearningRateSchedule : Callback
{
    private readonly Schedule _factor;

    /// <summary>Makes the callback.</summary>
    /// <param name="factor">What the initial rates are multiplied by, over time.</param>
    public LearningRateSchedule(Schedule factor)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor;
    }

    /// <inheritdoc/>
    public override string Name => $"LearningRateSchedule({_factor})";

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Owns = TrainingParts.LearningRate };

    /// <inheritdoc/>
    public override void BatchStart(StepContext step)
    {
        var factor = _factor.At(step.Trainer.Time);
        foreach (optim.ILearningRateController group in step.Trainer.Optimizer.ParamGroups)
            group.LearningRate = group.InitialLearningRate * factor;
    }
}
