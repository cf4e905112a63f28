namespace DeepTricks.Distillation;

/// <summary>How <see cref="TeacherNoise"/> perturbs.</summary>
public sealed record TeacherNoiseOptions
{
    /// <summary>KD_Lib's <c>NoisyTeacher</c>: in half of the batches, all logits.</summary>
    public static TeacherNoiseOptions KdLib { get; } = new() { PerSample = false };

    /// <summary>KD_Lib's <c>SoftRandom</c> and <c>MessyCollab</c>: always. There it is the student's input that is perturbed, and the teacher sees the clean one.</summary>
    public static TeacherNoiseOptions SoftRandom { get; } = new() { Probability = 1 };

    /// <summary>σ² of the noise; 0.1 by default, as in KD_Lib.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public double Variance { get; init => field = LogitChecks.NotNegative(value); } = 0.1;

    /// <summary>α, how probable it is that a sample, or a batch, is perturbed; 0.5 by default, as in KD_Lib.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a probability.</exception>
    public double Probability { get; init => field = LogitChecks.Probability(value); } = 0.5;

    /// <summary>Whether the choice is made for each sample, as in the paper, or once for the batch; true by default.</summary>
    public bool PerSample { get; init; } = true;
}
