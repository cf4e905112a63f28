namespace DeepTricks.Distillation;

/// <summary>How a <see cref="KnowledgeDistillationLoss"/> is computed.</summary>
public sealed record KnowledgeDistillationLossOptions
{
    /// <summary>4, as in RepDistiller, mdistiller and most papers on CIFAR.</summary>
    public const double DefaultTemperature = 4;

    /// <summary>RepDistiller's <c>DistillKL</c>: T = 4, T², the mean over the samples. mdistiller's, mmrazor's and torchdistill's (with labels) are the same.</summary>
    public static KnowledgeDistillationLossOptions RepDistiller { get; } = new();

    /// <summary>Hinton et al.'s experiment on MNIST: the same formula at T = 20.</summary>
    public static KnowledgeDistillationLossOptions Hinton { get; } = new() { Temperature = 20 };

    /// <summary>The official code of TAKD: the mean over the elements, T². Its authors search T and the weight for each pair; T = 4 is ours.</summary>
    public static KnowledgeDistillationLossOptions TeacherAssistant { get; } = new() { Reduction = DistillationReduction.ElementMean };

    /// <summary>The official code of Tf-KD, where the teacher is the student's earlier self: the mean over the elements, T², T = 20; most of its settings multiply by 1, some by 50 or 100.</summary>
    public static KnowledgeDistillationLossOptions TeacherFree { get; } = new() { Temperature = 20, Reduction = DistillationReduction.ElementMean };

    /// <summary>KD_Lib's <c>VanillaKD</c>: T² times the mean square between the probabilities, T = 20.</summary>
    public static KnowledgeDistillationLossOptions KdLib { get; } =
        new() { Temperature = 20, Reduction = DistillationReduction.ElementMean, Distance = ProbabilityDistance.Squares };

    /// <summary>Knowledge Distillation Zoo's loss of samples that support the decision boundary (BSS): T = 3, without T².</summary>
    public static KnowledgeDistillationLossOptions BoundarySupporting { get; } = new() { Temperature = 3, SquaredTemperature = false };

    /// <summary>T, what both networks' logits are divided by; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number above 0.</exception>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = DefaultTemperature;

    /// <summary>Whether the loss is multiplied by T², so that its gradient keeps its size whatever T is; true by default, as in Hinton et al.</summary>
    public bool SquaredTemperature { get; init; } = true;

    /// <summary>The mean over the samples by default.</summary>
    public DistillationReduction Reduction { get; init => field = LogitChecks.Defined(value); }

    /// <summary>KL(teacher ‖ student) by default.</summary>
    public ProbabilityDistance Distance { get; init => field = LogitChecks.Defined(value); }

    internal double Scale => SquaredTemperature ? Temperature * Temperature : 1;
}
