using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Where a layer speaks for a class: the sum over the channels of features, weighted by the pooled gradients of the class's logit, without what is negative.</summary>
public static class ClassActivationMap
{
    /// <summary>The map of each sample's label.</summary>
    /// <param name="logits">[N, K], computed from the features.</param>
    /// <param name="features">The layer's maps [N, C, H, W], which require gradients.</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="differentiable">Whether the result is to be differentiated, as the student's is.</param>
    /// <param name="form">What is weighted; the features by default.</param>
    /// <returns>[N, H, W], at least 0.</returns>
    /// <exception cref="ArgumentException">A shape or type does not fit, or the logits do not depend on the features.</exception>
    public static Tensor Of(Tensor logits, Tensor features, Tensor labels, bool differentiable, ClassActivationForm form = ClassActivationForm.GradCam)
    {
        FeatureChecks.Map(features, nameof(features));
        using var scope = NewDisposeScope();
        var gradient = InputGradient.OfScore(logits, features, labels, differentiable);
        var weighted = form == ClassActivationForm.KdZoo ? gradient : differentiable ? features : features.detach();
        return (gradient.mean([2, 3], keepdim: true) * weighted).sum([1]).relu().MoveToOuterDisposeScope();
    }
}
