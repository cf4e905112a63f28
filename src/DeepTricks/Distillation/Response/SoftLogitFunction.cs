using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The kernel as a function of autograd, of the student's logits, the teacher's, the <see cref="SoftLogitLoss"/> and the labels.</summary>
internal sealed unsafe class SoftLogitFunction : autograd.SingleTensorFunction<SoftLogitFunction>
{
    private const string Loss = "loss";
    private const string Labels = "labels";
    private const string State = "state";

    /// <inheritdoc/>
    public override string Name => nameof(SoftLogitFunction);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (student, teacher, loss, labels) = ((Tensor)vars[0], (Tensor)vars[1], (SoftLogitLoss)vars[2], (long[]?)vars[3]);
        var rows = student.shape[0];
        var (losses, state) = (new float[rows], new SoftLogitRow[rows]);
        using (Tensor x = student.contiguous(), t = teacher.contiguous())
        {
            new SoftLogitKernel(loss).Forward(x.Address<float>(), t.Address<float>(), labels, (int)student.shape[1], losses, state);
        }

        ctx.save_for_backward([student, teacher]);
        ctx.save_data(Loss, loss);
        ctx.save_data(Labels, labels!);
        ctx.save_data(State, state);
        if (!loss.PerRow)
        {
            var sum = 0.0;
            foreach (var one in losses)
            {
                sum += one;
            }

            return tensor((float)(sum * loss.Factor));
        }

        foreach (ref var one in losses.AsSpan())
        {
            one *= (float)loss.Factor;
        }

        return tensor(losses);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (loss, labels, state) = ((SoftLogitLoss)ctx.get_data(Loss), (long[]?)ctx.get_data(Labels), (SoftLogitRow[])ctx.get_data(State));
        var saved = ctx.get_saved_variables();
        using Tensor student = saved[0], teacher = saved[1];
        if (is_grad_enabled())
        {
            return [AgainInTensors(loss, student, teacher, labels, grad_output), null!, null!, null!];
        }

        using var given = grad_output.contiguous();
        var upstream = MemoryMarshal.Cast<byte, float>(given.bytes).ToArray();
        foreach (ref var one in upstream.AsSpan())
        {
            one *= (float)loss.Factor;
        }

        using Tensor x = student.contiguous(), t = teacher.contiguous();
        var gradient = empty_like(x);
        new SoftLogitKernel(loss).Backward(x.Address<float>(), t.Address<float>(), labels, (int)x.shape[1], state, upstream, gradient.Address<float>());
        return [gradient, null!, null!, null!];
    }

    /// <summary>A gradient that is to be differentiated itself comes from the tensor operations. The caller's labels may have gone since.</summary>
    private static Tensor AgainInTensors(SoftLogitLoss loss, Tensor student, Tensor teacher, long[]? labels, Tensor upstream)
    {
        using var scope = NewDisposeScope();
        var value = (loss with { Labels = labels is null ? null : tensor(labels) }).InTensors(student, teacher);
        return autograd.grad([value], [student], [upstream], retain_graph: true, create_graph: true)[0].MoveToOuterDisposeScope();
    }
}
