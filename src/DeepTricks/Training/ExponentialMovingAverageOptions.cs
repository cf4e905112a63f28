namespace DeepTricks.Training;

/// <summary>Settings of <see cref="ExponentialMovingAverage"/>.</summary>
public sealed record ExponentialMovingAverageOptions
{
    /// <summary>The part of the average that each step keeps; 0.999 by default. Longer runs take more: 0.9999 from some 100,000 steps on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 to below 1.</exception>
    public double Decay
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Decay), value, "Expected 0 or more, below 1.");
    } = 0.999;

    /// <summary>Whether to begin with a smaller decay, min(Decay, (1 + n) / (10 + n)) after n steps, as TensorFlow does; true by default.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>Whether evaluations see the average; true by default.</summary>
    public bool SwapForEvaluation { get; init; } = true;
}
