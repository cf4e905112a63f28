namespace DeepTricks.Distillation;

/// <summary>When copies are exchanged in a <see cref="CodistillationTeacher"/>.</summary>
public sealed record CodistillationOptions
{
    /// <summary>The steps from one exchange to the next, at least 1; 50 by default, ours.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Interval
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Interval), value, "Expected at least 1.");
    } = 50;

    /// <summary>The steps before anything is learned from the others, who are not worth it yet; 0 by default. Copies are written from the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public long BurnIn
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(BurnIn), value, "Expected at least 0.");
    }
}
