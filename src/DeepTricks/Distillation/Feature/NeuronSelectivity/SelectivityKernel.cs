namespace DeepTricks.Distillation;

/// <summary>The kernel of a <see cref="NeuronSelectivityLoss"/>, over channels whose maps have the norm 1.</summary>
public enum SelectivityKernel
{
    /// <summary>(x·y + c)ᵈ.</summary>
    Polynomial,

    /// <summary>x·y, which compares the mean maps alone.</summary>
    Linear,

    /// <summary>exp(−‖x − y‖² / 2σ²).</summary>
    Gaussian,
}
