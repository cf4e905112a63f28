using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>How much a confident prediction costs.</summary>
public sealed record ConfidencePenaltyOptions
{
    /// <summary>0.1: the value that Pereyra et al., 2017, use most.</summary>
    public const double DefaultBeta = 0.1;

    /// <summary>β, at least 0; 0.1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Beta { get; init => field = CheckBeta(value); } = DefaultBeta;

    /// <summary>Γ: the entropy in nats from which on nothing is penalised; null, the default, for −β·H at any entropy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double? Threshold { get; init => field = CheckThreshold(value); }

    /// <summary>Samples with this label count for nothing; −100 by default.</summary>
    public long IgnoreIndex { get; init; } = LabelSmoothingOptions.DefaultIgnoreIndex;

    /// <summary>The mean over the samples by default.</summary>
    public nn.Reduction Reduction { get; init; } = nn.Reduction.Mean;

    internal static double CheckBeta(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite beta of at least 0.");

    internal static double? CheckThreshold(double? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is null or > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a positive threshold.");
}
