namespace DeepTricks.Training;

/// <summary>
/// Keeps an exponential moving average of the weights (Polyak averaging), which stands in for them in evaluations.
/// Checkpoints hold both: the model's own weights under "model.", the average under "callbacks.ExponentialMovingAverage.average.".
/// </summary>
/// <param name="options">The settings; see <see cref="ExponentialMovingAverageOptions"/> for the defaults.</param>
public sealed class ExponentialMovingAverage(ExponentialMovingAverageOptions? options = null) : Callback, IDisposable
{
    private readonly ExponentialMovingAverageOptions _options = options ?? new();
    private WeightAverage? _average;
    private long _updates;

    /// <inheritdoc/>
    public override CallbackEffects Effects => new()
    {
        Reads = TrainingParts.Weights,
        Excludes = _options.SwapForEvaluation ? [new(typeof(StochasticWeightAveraging), "both put their average into the model for evaluations")] : [],
    };

    /// <summary>Puts the average into the model for good, or takes it out again, by exchanging the two.</summary>
    /// <exception cref="InvalidOperationException">There is no average before the first step.</exception>
    public void Swap() => (_average ?? throw new InvalidOperationException("There is no average before the first step.")).Swap();

    /// <inheritdoc/>
    public override void FitStart(Trainer trainer) => _average ??= new(trainer.Model);

    /// <inheritdoc/>
    public override void AfterStep(StepContext step)
    {
        _updates++;
        var decay = _options.WarmUp ? Math.Min(_options.Decay, (1.0 + _updates) / (10 + _updates)) : _options.Decay;
        _average!.Update(1 - decay);
    }

    /// <inheritdoc/>
    public override void EvaluationStart(Trainer trainer)
    {
        if (_options.SwapForEvaluation)
            _average?.Swap();
    }

    /// <inheritdoc/>
    public override void EvaluationEnd(Trainer trainer)
    {
        if (_average is { IsSwapped: true })
            _average.Swap();
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("updates", _updates);
        _average?.Save(state);
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer)
    {
        _updates = state.GetInt64("updates");
        _average ??= new(trainer.Model);
        _average.Restore(state);
    }

    /// <summary>Disposes of the average.</summary>
    public void Dispose() => _average?.Dispose();
}
