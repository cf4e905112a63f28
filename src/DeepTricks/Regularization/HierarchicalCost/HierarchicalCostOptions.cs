using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>How much the expected cost of a prediction counts beside the cross-entropy.</summary>
public sealed record HierarchicalCostOptions
{
    /// <summary>1: costs are in the unit that the caller gives them, so that their scale is chosen there.</summary>
    public const double DefaultWeight = 1;

    /// <summary>λ, what multiplies the expected cost; at least 0, 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Weight { get; init => field = CheckWeight(value); } = DefaultWeight;

    /// <summary>Samples with this label count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = LabelSmoothingOptions.DefaultIgnoreIndex;

    /// <summary>The mean over the samples by default.</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;

    internal static double CheckWeight(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite weight of at least 0.");
}
