namespace DeepTricks.Adversarial;

/// <summary>How far an input may be moved, and in which steps. The defaults are those of Madry et al., 2018, for MNIST in [0, 1].</summary>
public sealed record ProjectedGradientDescentOptions
{
    /// <summary>ε: the largest change of any element, in the unit of the inputs; 0.3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon { get; init => field = AttackChecks.Distance(value, nameof(Epsilon)); } = 0.3;

    /// <summary>The change of each element in one step; 0.01 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double StepSize { get; init => field = AttackChecks.Distance(value, nameof(StepSize)); } = 0.01;

    /// <summary>The number of steps, at least 1; 40 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Steps
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Steps), value, "Expected at least one step.");
    }
        = 40;

    /// <summary>Whether to start from a random point of the ball, which needs a generator; true by default.</summary>
    public bool RandomStart { get; init; } = true;

    /// <summary>The range that inputs may have; [0, 1] by default, null for any. Inputs that are normalised have another one.</summary>
    /// <exception cref="ArgumentException">The lower bound is not below the upper one.</exception>
    public (double Minimum, double Maximum)? Range { get; init => field = AttackChecks.Range(value, nameof(Range)); } = (0, 1);
}
