namespace DeepTricks.Training;

/// <summary>Stops the run when a figure has not become better for some epochs.</summary>
/// <param name="options">The settings; see <see cref="EarlyStoppingOptions"/> for the defaults.</param>
public sealed class EarlyStopping(EarlyStoppingOptions? options = null) : Callback
{
    private readonly EarlyStoppingOptions _options = options ?? new();
    private long _waited;

    /// <summary>The best figure so far; NaN before the first.</summary>
    public double Best { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public override void FitStart(Trainer trainer)
    {
        // A run that was stopped for good stays so when it is resumed.
        if (_waited >= _options.Patience)
            trainer.Stop();
    }

    /// <inheritdoc/>
    public override void EpochEnd(Trainer trainer)
    {
        var value = _options.Goal.Read(trainer);
        if (_options.Goal.IsBetter(value, Best, _options.MinimumChange))
            (Best, _waited) = (value, 0);
        else if (++_waited >= _options.Patience)
            trainer.Stop();
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("best", Best);
        state.Set("waited", _waited);
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer)
    {
        Best = state.GetDouble("best");
        _waited = state.GetInt64("waited");
    }
}
