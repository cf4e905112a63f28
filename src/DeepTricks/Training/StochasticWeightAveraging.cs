namespace DeepTricks.Training;

/// <summary>
/// Averages the weights of the late part of a training with equal parts (Izmailov et al., arXiv 1803.05407), and puts the average into the
/// model at the end. Models with batch normalisation then need <see cref="BatchNormalizationStatistics.Update"/>.
/// </summary>
/// <param name="options">The settings; see <see cref="StochasticWeightAveragingOptions"/> for the defaults.</param>
public sealed class StochasticWeightAveraging(StochasticWeightAveragingOptions? options = null) : Callback, IDisposable
{
    private readonly StochasticWeightAveragingOptions _options = options ?? new();
    private WeightAverage? _average;

    /// <summary>The number of weights in the average.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Reads = TrainingParts.Weights, Owns = TrainingParts.Weights };

    /// <inheritdoc/>
    public override void AfterStep(StepContext step)
    {
        var time = step.Trainer.Time;
        if (time.Step < time.StepsOf(_options.Start) || !time.IsDue(_options.Interval))
            return;
        Count++;
        if (_average is null)
            _average = new(step.Model);
        else
            _average.Update(1.0 / Count);
    }

    /// <inheritdoc/>
    public override void EvaluationStart(Trainer trainer) => _average?.Swap();

    /// <inheritdoc/>
    public override void EvaluationEnd(Trainer trainer)
    {
        if (_average is { IsSwapped: true })
            _average.Swap();
    }

    /// <inheritdoc/>
    public override void FitEnd(Trainer trainer)
    {
        // A run that was stopped can still be resumed, and goes on with its own weights.
        if (trainer.Step < trainer.TotalSteps || _average is null)
            return;
        _average.Swap();
        _average.Dispose();
        _average = null;
        Count = 0;
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("count", Count);
        _average?.Save(state);
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer)
    {
        Count = state.GetInt64("count");
        if (Count == 0)
            return;
        _average ??= new(trainer.Model);
        _average.Restore(state);
    }

    /// <summary>Disposes of the average.</summary>
    public void Dispose() => _average?.Dispose();
}
