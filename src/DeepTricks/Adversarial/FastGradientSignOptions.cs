namespace DeepTricks.Adversarial;

/// <summary>How far an input may be moved in one step.</summary>
public sealed record FastGradientSignOptions
{
    /// <summary>ε: the largest change of any element, in the unit of the inputs; 0.25 by default, as Goodfellow et al., 2015, use for MNIST in [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon { get; init => field = AttackChecks.Distance(value, nameof(Epsilon)); } = 0.25;

    /// <summary>The range that inputs may have; [0, 1] by default, null for any. Inputs that are normalised have another one.</summary>
    /// <exception cref="ArgumentException">The lower bound is not below the upper one.</exception>
    public (double Minimum, double Maximum)? Range { get; init => field = AttackChecks.Range(value, nameof(Range)); } = (0, 1);
}
