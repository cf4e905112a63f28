using DeepTricks.Losses;

namespace DeepTricks.Priors;

/// <summary>The settings of <see cref="Maxl"/>; the defaults are those of the authors' repository (lorenmt/maxl).</summary>
public sealed record MaxlOptions
{
    /// <summary>How the gradient through the virtual step is taken; exactly by default.</summary>
    public MetaOrder Order { get; init; }

    /// <summary>What multiplies the term that keeps the labels from collapsing into one class; at least 0, 0.2 by default.</summary>
    public double CollapseWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 0.2;

    /// <summary>γ of the focal weight (1 − p)^γ of both losses; 0 or at least 1, 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is between, negative or not finite: its second derivative would not be.</exception>
    public double Focusing
    {
        get;
        init => field = value is 0 or >= 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Focusing), value, "Expected 0, or a finite number of at least 1.");
    }
        = 2;

    /// <summary>What multiplies the auxiliary loss; at least 0, 1 by default.</summary>
    public double AuxiliaryWeight { get; init => field = SegmentationChecks.NotNegative(value); } = 1;

    /// <summary>The weight decay of the virtual step; 0 by default. It is a step of plain gradient descent otherwise.</summary>
    public double WeightDecay { get; init => field = SegmentationChecks.NotNegative(value); }

    /// <summary>The length of the step to either side of <see cref="MetaOrder.First"/>, in the weights' Euclidean norm; above 0, 0.01 by default.</summary>
    public double Difference { get; init => field = SegmentationChecks.Positive(value); } = 0.01;
}
