namespace DeepTricks.Distillation;

/// <summary>How branches learn from their mixture in <see cref="NativeEnsemble"/>.</summary>
public sealed record NativeEnsembleOptions
{
    /// <summary>T, with T² before the divergence; 3 by default, as in the code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 3;

    /// <summary>The weight of what the mixture says; the code's ramp over 80 epochs by default.</summary>
    public Training.Schedule Weight { get; init; } = RampUp.Of(80);
}
