namespace DeepTricks.Training;

/// <summary>A moment of training.</summary>
/// <param name="Step">The steps done.</param>
/// <param name="StepsPerEpoch">The steps of an epoch.</param>
/// <param name="TotalSteps">The steps of the whole training.</param>
public readonly record struct TrainingTime(long Step, long StepsPerEpoch, long TotalSteps)
{
    /// <summary>The part of the training that is done, from 0 to 1.</summary>
    public double Progress => TotalSteps == 0 ? 1 : Math.Clamp(Step / (double)TotalSteps, 0, 1);

    /// <summary>The epochs done, with the part of the running one.</summary>
    public double Epoch => Step / (double)StepsPerEpoch;

    /// <summary>A duration in steps of this training.</summary>
    /// <param name="duration">The duration.</param>
    public long StepsOf(Duration duration) => duration.InSteps(StepsPerEpoch, TotalSteps);

    /// <summary>Whether a thing that happens every <paramref name="interval"/> happens now, after <see cref="Step"/> steps.</summary>
    /// <param name="interval">The interval; less than a step counts as one.</param>
    public bool IsDue(Duration interval) => Step > 0 && Step % Math.Max(1, StepsOf(interval)) == 0;
}
