namespace DeepTricks.Distillation;

/// <summary>How a <see cref="DecoupledDistillationLoss"/> is computed.</summary>
public sealed record DecoupledDistillationLossOptions
{
    /// <summary>mdistiller, the authors' code, for a ResNet-32x4 that teaches a ResNet-8x4: α = 1, β = 8, T = 4.</summary>
    /// <remarks>β is chosen for each pair: 2 for ResNet-56 to 20, 6 for WRN-40-2 to 16-2 and VGG-13 to 8; the surer the teacher, the higher.</remarks>
    public static DecoupledDistillationLossOptions Official { get; } = new();

    /// <summary>mmrazor's defaults: α = β = 1, T = 1.</summary>
    public static DecoupledDistillationLossOptions Mmrazor { get; } = new() { OtherWeight = 1, Temperature = 1 };

    /// <summary>T; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = KnowledgeDistillationLossOptions.DefaultTemperature;

    /// <summary>α, the weight of how probable the label is; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double TargetWeight { get; init => field = LogitChecks.NotNegative(value); } = 1;

    /// <summary>β, the weight of how the other classes share the rest; 8 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double OtherWeight { get; init => field = LogitChecks.NotNegative(value); } = 8;
}
