using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Gradients of what a network says with respect to what it is given: what Sobolev training, Jacobian matching and gradient-based attention compare. The student's can be
/// differentiated again, the teacher's are constants.
/// </summary>
/// <remarks>The input must require gradients before the forward pass, and that pass must not run in <c>no_grad</c>, the teacher's neither: its weights need no gradients for it.</remarks>
public static class InputGradient
{
    /// <summary>The gradient of the logit of each sample's label, the "Jacobian" of Knowledge-Distillation-Zoo.</summary>
    /// <param name="logits">[N, K], computed from the input.</param>
    /// <param name="input">What the network was given, [N, ...], which requires gradients; or one of its layers.</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="differentiable">Whether the result is to be differentiated, as the student's is.</param>
    /// <returns>As the input.</returns>
    /// <exception cref="ArgumentException">A shape or type does not fit, or the logits do not depend on the input.</exception>
    public static Tensor OfScore(Tensor logits, Tensor input, Tensor labels, bool differentiable)
    {
        FeatureChecks.Labels(logits, labels);
        using var scope = NewDisposeScope();
        var scores = logits.gather(1, labels.unsqueeze(1));
        return Of(scores, input, ones_like(scores), differentiable).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of a loss, on which gradient-based attention transfer builds.</summary>
    /// <param name="loss">A scalar, computed from the input. A sum over the samples gives each sample its own gradient; a mean divides them by how many there are.</param>
    /// <param name="input">What the network was given, which requires gradients.</param>
    /// <param name="differentiable">Whether the result is to be differentiated, as the student's is.</param>
    /// <returns>As the input.</returns>
    /// <exception cref="ArgumentException">The loss is no scalar, or does not depend on the input.</exception>
    public static Tensor OfLoss(Tensor loss, Tensor input, bool differentiable)
    {
        FeatureChecks.Floating(loss, nameof(loss));
        if (loss.numel() != 1)
        {
            throw new ArgumentException($"Expected a scalar; the shape is {loss.ShapeText()}.", nameof(loss));
        }

        using var scope = NewDisposeScope();
        return Of(loss, input, ones_like(loss), differentiable).MoveToOuterDisposeScope();
    }

    /// <summary>Jᵀv: the gradient of Σ v · output. With random directions v it is the stochastic form of Sobolev training (Czarnecki et al., 2017).</summary>
    /// <param name="output">Any output, computed from the input.</param>
    /// <param name="input">What the network was given, which requires gradients.</param>
    /// <param name="direction">v, as the output; the same for student and teacher.</param>
    /// <param name="differentiable">Whether the result is to be differentiated, as the student's is.</param>
    /// <returns>As the input.</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or the output does not depend on the input.</exception>
    public static Tensor OfProjection(Tensor output, Tensor input, Tensor direction, bool differentiable)
    {
        FeatureChecks.SameShape(output, direction);
        using var scope = NewDisposeScope();
        return Of(output, input, direction, differentiable).MoveToOuterDisposeScope();
    }

    internal static Tensor Of(Tensor output, Tensor input, Tensor direction, bool differentiable)
    {
        FeatureChecks.Floating(input, nameof(input));
        if (!input.requires_grad || !output.requires_grad)
        {
            throw new ArgumentException("Expected an input that requires gradients, and an output that was computed from it outside of no_grad.", nameof(input));
        }

        var gradient = autograd.grad([output], [input], [direction], retain_graph: true, create_graph: differentiable, allow_unused: true)[0];
        return gradient.IsInvalid ? throw new ArgumentException("The output does not depend on the input.", nameof(input)) : gradient;
    }
}
