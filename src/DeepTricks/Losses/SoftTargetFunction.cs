using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>The kernel as a function of autograd. The gradient is computed again from the logits: that reads less memory than keeping it.</summary>
internal sealed unsafe class SoftTargetFunction : autograd.SingleTensorFunction<SoftTargetFunction>
{
    private const string State = "state";
    private const string Call = "call";

    /// <inheritdoc/>
    public override string Name => nameof(SoftTargetFunction);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (logits, call) = ((Tensor)vars[0], (SoftTargetCall)vars[1]);
        var (rows, classes) = (logits.shape[0], (int)logits.shape[1]);
        var (losses, state) = (new float[rows], new SoftmaxRow[rows]);
        using (var contiguous = logits.contiguous())
        {
            call.Kernel.Forward(contiguous.Address<float>(), call.Labels, classes, losses, state);
        }

        ctx.save_for_backward([logits]);
        ctx.save_data(State, state);
        ctx.save_data(Call, call);
        return call.Loss.Reduction == nn.Reduction.None ? tensor(losses) : tensor((float)(Sum(losses) / Divisor(call, rows)));
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (call, state) = ((SoftTargetCall)ctx.get_data(Call), (SoftmaxRow[])ctx.get_data(State));
        using var logits = ctx.get_saved_variables()[0];
        if (is_grad_enabled())
        {
            return [AgainInTensors(call, logits, grad_output), null!];
        }

        using var contiguous = logits.contiguous();
        using var upstream = grad_output.contiguous();
        var scales = MemoryMarshal.Cast<byte, float>(upstream.bytes).ToArray();
        if (call.Loss.Reduction == nn.Reduction.Mean)
        {
            scales[0] = (float)(scales[0] / Divisor(call, state.Length));
        }

        var gradient = torch.empty_like(contiguous);
        call.Kernel.Backward(contiguous.Address<float>(), call.Labels, (int)logits.shape[1], state, scales, gradient.Address<float>());
        return [gradient, null!];
    }

    /// <summary>A gradient that is to be differentiated itself comes from the tensor operations.</summary>
    private static Tensor AgainInTensors(SoftTargetCall call, Tensor logits, Tensor upstream)
    {
        using var scope = NewDisposeScope();
        var loss = call.Kept().InTensors(logits);
        return autograd.grad([loss], [logits], [upstream], retain_graph: true, create_graph: true)[0].MoveToOuterDisposeScope();
    }

    private static double Divisor(SoftTargetCall call, long rows) =>
        call.Loss.Reduction == nn.Reduction.Sum ? 1 : double.IsNaN(call.Items) ? rows : call.Items;

    private static double Sum(float[] losses)
    {
        double sum = 0;
        foreach (var loss in losses)
        {
            sum += loss;
        }

        return sum;
    }
}
