namespace DeepTricks.Distillation;

/// <summary>How a <see cref="TeacherFreeLoss"/> is computed.</summary>
public sealed record TeacherFreeLossOptions
{
    /// <summary>The authors' code: T = 20, 0.99, the mean over the elements; their settings multiply by 1 and T = 20 or 40 on CIFAR-100 for most networks, by 50 or 100 for some.</summary>
    public static TeacherFreeLossOptions Official { get; } = new();

    /// <summary>KD_Lib's <c>VirtualTeacher</c>: T = 10, 0.9.</summary>
    public static TeacherFreeLossOptions KdLib { get; } = new() { Temperature = 10, CorrectProbability = 0.9 };

    /// <summary>T, which softens the virtual teacher alone; 20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 20;

    /// <summary>What the virtual teacher gives to the class itself before T, the others sharing the rest; 0.99 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a probability.</exception>
    public double CorrectProbability { get; init => field = LogitChecks.Probability(value); } = 0.99;

    /// <summary>The mean over the elements by default, as in the authors' code.</summary>
    public DistillationReduction Reduction { get; init => field = LogitChecks.Defined(value); } = DistillationReduction.ElementMean;
}
