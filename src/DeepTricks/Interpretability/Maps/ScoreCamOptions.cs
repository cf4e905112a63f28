namespace DeepTricks.Interpretability;

/// <summary>How <see cref="ScoreCam"/> runs.</summary>
public sealed record ScoreCamOptions
{
    /// <summary>How many masked images go through the model at once, at least 1; default 16, as in pytorch-grad-cam. It changes the time and the memory only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "Expected at least 1.");
    } = 16;
}
