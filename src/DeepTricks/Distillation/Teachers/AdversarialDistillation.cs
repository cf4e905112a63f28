using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// A discriminator learns to tell the student's answers, or features, from the teacher's, and the student learns not to be told. It asks for answers that look like a teacher's, not for
/// the teacher's answer to the very sample, and so stands beside another loss (Xu, Hsu and Huang, 2018; Shen, He and Xue, "MEAL", 2019).
/// </summary>
/// <remarks>
/// Two terms of one step: <see cref="Deceive"/> reaches the student alone, <see cref="Discriminate"/> the discriminator alone, both with the discriminator as it was before the step. So one
/// backward and one optimiser do, with a group of parameters of its own for the discriminator where it is to have another learning rate. Gradients of gradients do not pass through
/// <see cref="Deceive"/>.
/// </remarks>
public sealed class AdversarialDistillation
{
    private readonly nn.Module<Tensor, Tensor> _discriminator;
    private readonly AdversarialForm _form;

    /// <summary>Makes the game.</summary>
    /// <param name="discriminator">From what is compared to scores of any shape, high for the teacher's; no sigmoid at its end. It stays the caller's.</param>
    /// <param name="form">The losses.</param>
    public AdversarialDistillation(nn.Module<Tensor, Tensor> discriminator, AdversarialForm form = AdversarialForm.NonSaturating)
    {
        ArgumentNullException.ThrowIfNull(discriminator);
        (_discriminator, _form) = (discriminator, LogitChecks.Defined(form));
    }

    /// <summary>What the student pays for being told from the teacher.</summary>
    /// <param name="student">What the discriminator takes, of the student.</param>
    /// <returns>A scalar, the mean over all scores; its gradient reaches the student and not the discriminator.</returns>
    public Tensor Deceive(Tensor student)
    {
        ArgumentNullException.ThrowIfNull(student);
        using var scope = NewDisposeScope();
        var copy = student.detach().requires_grad_();
        Tensor value;
        using (enable_grad())
        {
            var scores = _discriminator.call(copy);
            value = _form switch
            {
                AdversarialForm.Minimax => Cost(scores, 0).neg(),
                AdversarialForm.LeastSquares => (scores - 1).square().mean() / 2,
                _ => Cost(scores, 1),
            };
        }

        if (!student.requires_grad || !is_grad_enabled())
        {
            return value.detach().MoveToOuterDisposeScope();
        }

        // By the copy alone, so that the discriminator's gradients stay as they are: the term then has the value, and this gradient.
        value.backward(inputs: [copy]);
        var slope = copy.grad ?? throw new InvalidOperationException("What the discriminator returns does not depend on its input.");
        return (((student - copy.detach()) * slope).sum() + value.detach()).MoveToOuterDisposeScope();
    }

    /// <summary>What the discriminator pays for its mistakes.</summary>
    /// <param name="student">What the discriminator takes, of the student; gets no gradient.</param>
    /// <param name="teacher">The same of the teacher; gets no gradient.</param>
    /// <returns>A scalar, the sum of the means over the teacher's scores and the student's.</returns>
    public Tensor Discriminate(Tensor student, Tensor teacher)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        using var scope = NewDisposeScope();
        var (taught, teaching) = (_discriminator.call(student.detach()), _discriminator.call(teacher.detach()));
        var loss = _form == AdversarialForm.LeastSquares
            ? (taught.square().mean() + (teaching - 1).square().mean()) / 2
            : Cost(taught, 0) + Cost(teaching, 1);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Both as terms of a <see cref="Distiller"/>, "deceive" and "discriminate".</summary>
    /// <param name="student">The place of the student; its output where null.</param>
    /// <param name="teacher">The place of the teacher; its output where null.</param>
    /// <param name="weight">The weight of what the student pays, over time; 1 where null. The discriminator's is always 1.</param>
    public IReadOnlyList<TransferTerm> Terms(Tap? student = null, Tap? teacher = null, Schedule? weight = null)
    {
        var (taught, teaching) = (student ?? Tap.Output, teacher ?? Tap.Output);
        return
        [
            TransferTerm.Of("deceive", (trace, _, _) => Deceive(trace[taught]), [taught], weight: weight),
            TransferTerm.Of("discriminate", (trace, other, _) => Discriminate(trace[taught], other[teaching]), [taught], [teaching], [_discriminator]),
        ];
    }

    /// <summary>The mean binary cross-entropy of scores that all have one target.</summary>
    private static Tensor Cost(Tensor scores, double target) =>
        nn.functional.binary_cross_entropy_with_logits(scores, full_like(scores, target));
}
