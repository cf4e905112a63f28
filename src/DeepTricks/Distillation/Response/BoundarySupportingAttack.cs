using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Samples that support the decision boundary: inputs that are moved until the student takes them for another class, and no further. What the teacher says there tells where its boundary is
/// (Heo et al., "Knowledge Distillation with Adversarial Samples Supporting Decision Boundary", AAAI 2019).
/// </summary>
/// <remarks>The loss of both networks on them is <see cref="KnowledgeDistillationLoss"/> with the preset <see cref="KnowledgeDistillationLossOptions.BoundarySupporting"/>, weighted 2 in Knowledge Distillation Zoo.</remarks>
public static class BoundarySupportingAttack
{
    /// <summary>Moves inputs over the boundary, as Knowledge Distillation Zoo's <c>BSSAttacker</c>. The model runs in the mode that it has, and its gradients stay as they are.</summary>
    /// <param name="model">From inputs to logits [N, K]: the student.</param>
    /// <param name="input">[N, …], of a floating type; those that the model takes for another class already stay where they are.</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="others">[N], int64: the class that each shall be taken for, such as the teacher's second.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>A tensor like the input, without gradients.</returns>
    /// <exception cref="ArgumentException">A shape or type does not fit.</exception>
    public static Tensor Attack(nn.Module<Tensor, Tensor> model, Tensor input, Tensor labels, Tensor others, BoundarySupportingAttackOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        if (!input.is_floating_point() || input.dim() < 2)
        {
            throw new ArgumentException($"Expected inputs [N, ...] of a floating type; they are {input.ShapeText()} of {input.dtype}.", nameof(input));
        }

        Check(labels, input, nameof(labels));
        Check(others, input, nameof(others));
        options ??= new();
        using var scope = NewDisposeScope();
        var current = input.detach().clone();
        for (var step = 0; step < options.Steps; step++)
        {
            using var inner = NewDisposeScope();
            if (Step(model, current, labels, others, options) is not { } moved)
            {
                break;
            }

            current.copy_(moved);
        }

        return current.MoveToOuterDisposeScope();
    }

    private static Tensor? Step(nn.Module<Tensor, Tensor> model, Tensor current, Tensor labels, Tensor others, BoundarySupportingAttackOptions options)
    {
        using var graded = enable_grad();
        var point = current.detach().requires_grad_();
        var scores = model.call(point);
        SoftTargetChecks.CheckRange(labels, scores.shape[1]);
        SoftTargetChecks.CheckRange(others, scores.shape[1]);
        var right = scores.argmax(1).eq(labels);
        if (!right.any().item<bool>())
        {
            return null;
        }

        var p = scores.softmax(1);
        var missing = (p.gather(1, labels.unsqueeze(1)) - p.gather(1, others.unsqueeze(1))).squeeze(1);
        missing.sum().neg().backward(inputs: [point]);
        using var ungraded = no_grad();
        var slope = point.grad ?? throw new InvalidOperationException("The scores do not depend on the input of the model.");
        long[] each = [-1, .. current.shape[1..].Select(_ => 1L)];
        var norm = slope.flatten(1).square().sum(1).sqrt().reshape(each);
        var size = ((missing + options.Epsilon) * options.StepSize * right.to(current.dtype)).reshape(each);
        // Where there is no slope there is nowhere to go.
        var moved = current + ((size * slope) / norm).nan_to_num(0, 0, 0);
        return options.Range is var (minimum, maximum) ? moved.clamp(minimum, maximum) : moved;
    }

    private static void Check(Tensor classes, Tensor input, string name)
    {
        ArgumentNullException.ThrowIfNull(classes, name);
        if (classes.dtype != ScalarType.Int64 || classes.dim() != 1 || classes.shape[0] != input.shape[0])
        {
            throw new ArgumentException($"Expected a class of type Int64 for each of {input.shape[0]} inputs; they are {classes.ShapeText()} of {classes.dtype}.", name);
        }

        LogitChecks.SameDevice(input, classes, name);
    }
}
