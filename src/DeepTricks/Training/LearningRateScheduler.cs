using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace DeepTricks.Training;

/// <summary>
/// Runs a scheduler of TorchSharp. It has no state to save, and so is brought back by stepping it anew, from the rates that the optimiser had
/// when this callback was made.
/// </summary>
public sealed class LearningRateScheduler : Callback
{
    private readonly lr_scheduler.LRScheduler _scheduler;
    private readonly bool _everyStep;
    private readonly ILearningRateController[] _groups;
    private readonly double[] _firstRates;
    private long _steps;

    /// <summary>Makes the callback, right after the scheduler and before any step of it.</summary>
    /// <param name="scheduler">The scheduler; any but ReduceLROnPlateau, whose steps depend on results.</param>
    /// <param name="optimizer">The optimiser that the scheduler was made for.</param>
    /// <param name="everyStep">Whether it steps after every step of the optimiser, rather than after every epoch.</param>
    /// <exception cref="ArgumentException">The scheduler is a ReduceLROnPlateau.</exception>
    public LearningRateScheduler(lr_scheduler.LRScheduler scheduler, Optimizer optimizer, bool everyStep = false)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (scheduler is lr_scheduler.impl.ReduceLROnPlateau)
            throw new ArgumentException("ReduceLROnPlateau steps by results, which it cannot be given again after a resume.", nameof(scheduler));
        (_scheduler, _everyStep) = (scheduler, everyStep);
        _groups = [.. optimizer.ParamGroups];
        _firstRates = [.. _groups.Select(group => group.LearningRate)];
    }

    /// <inheritdoc/>
    public override string Name => $"LearningRateScheduler({_scheduler.GetType().Name})";

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Owns = TrainingParts.LearningRate };

    /// <inheritdoc/>
    public override void AfterStep(StepContext step)
    {
        if (_everyStep)
            Advance();
    }

    /// <inheritdoc/>
    public override void EpochEnd(Trainer trainer)
    {
        if (!_everyStep)
            Advance();
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state) => state.Set("steps", _steps);

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer)
    {
        if (_steps > 0)
            throw new InvalidOperationException("The scheduler has been stepped already; a run is resumed with a new one.");
        for (var i = 0; i < _groups.Length; i++)
            _groups[i].LearningRate = _firstRates[i];
        for (var steps = state.GetInt64("steps"); _steps < steps;)
            Advance();
    }

    private void Advance()
    {
        _scheduler.step();
        _steps++;
    }
}
