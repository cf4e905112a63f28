namespace DeepTricks.Distillation;

/// <summary>The settings of <see cref="GlobalDistillation"/>; the defaults are those of the authors' repository (kibok90/iccv2019-inc).</summary>
public sealed record GlobalDistillationOptions
{
    /// <summary>The temperature of the distillation from the network before and from the teacher of the new task; 2 by default.</summary>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 2;

    /// <summary>The temperature of the distillation from their ensemble; 1 by default.</summary>
    public double EnsembleTemperature { get; init => field = LogitChecks.Positive(value); } = 1;

    /// <summary>What multiplies all distillation; at least 0, 1 by default.</summary>
    public double DistillationWeight { get; init => field = LogitChecks.NotNegative(value); } = 1;

    /// <summary>What multiplies the confidence loss of the teacher of the new task on samples of other classes; at least 0, 1 by default.</summary>
    public double ConfidenceWeight { get; init => field = LogitChecks.NotNegative(value); } = 1;
}
