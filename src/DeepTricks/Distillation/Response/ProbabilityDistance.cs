namespace DeepTricks.Distillation;

/// <summary>How the softened probabilities of student and teacher are compared.</summary>
public enum ProbabilityDistance
{
    /// <summary>KL(teacher ‖ student), as Hinton et al.</summary>
    KullbackLeibler,

    /// <summary>The squares of the differences of the probabilities, as KD_Lib's <c>VanillaKD</c>.</summary>
    Squares,
}
