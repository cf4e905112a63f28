using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>How targets are softened.</summary>
public sealed record LabelSmoothingOptions
{
    /// <summary>0.1, as in Szegedy et al., 2016, and in most recipes since.</summary>
    public const double DefaultSmoothing = 0.1;

    /// <summary>−100, as in PyTorch.</summary>
    public const long DefaultIgnoreIndex = SoftTargetLoss.DefaultIgnoreIndex;

    /// <summary>ε of the uniform targets, in [0, 1]; 0.1 by default. Unused where <see cref="Targets"/> are given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Smoothing { get; init => field = CheckSmoothing(value); } = DefaultSmoothing;

    /// <summary>A distribution for each class, in place of uniform smoothing; null by default.</summary>
    public ClassTargets? Targets { get; init; }

    /// <summary>[K], a weight for each class; null, the default, for 1.</summary>
    public Tensor? Weight { get; init; }

    /// <summary>Samples with this label count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = DefaultIgnoreIndex;

    /// <summary>The mean over the samples by default.</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;

    internal static double CheckSmoothing(double value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a smoothing between 0 and 1.");
}
