namespace DeepTricks.Distillation;

/// <summary>What student and discriminator make each other's lives hard with.</summary>
public enum AdversarialForm
{
    /// <summary>The discriminator has the binary cross-entropy, the student −log of how probable it is taken for the teacher: strong gradients from the start.</summary>
    NonSaturating,

    /// <summary>One binary cross-entropy, which the discriminator lowers and the student raises: a gradient that is turned round.</summary>
    Minimax,

    /// <summary>Squares of the distances to 1 for the teacher and 0 for the student, in halves (Mao et al., 2017): gradients that do not vanish.</summary>
    LeastSquares,
}
