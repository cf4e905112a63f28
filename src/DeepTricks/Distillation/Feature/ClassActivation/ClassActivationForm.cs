namespace DeepTricks.Distillation;

/// <summary>What the pooled gradients of a class activation map weigh.</summary>
public enum ClassActivationForm
{
    /// <summary>The features, as in Grad-CAM (Selvaraju et al., 2017) and in "Learning without Memorizing".</summary>
    GradCam,

    /// <summary>The gradients themselves, as in Knowledge-Distillation-Zoo.</summary>
    KdZoo,
}
