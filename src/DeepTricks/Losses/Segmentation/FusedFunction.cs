using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>A kernel as a function of autograd; a gradient that is to be differentiated itself comes from the twin.</summary>
internal sealed class FusedFunction : autograd.SingleTensorFunction<FusedFunction>
{
    private const string Loss = "loss";

    /// <inheritdoc/>
    public override string Name => nameof(FusedFunction);

    /// <summary>The loss of scores, by the kernel.</summary>
    public static Tensor Of(IFusedLoss loss, Tensor scores, Tensor? masks) =>
        apply(scores, masks!, loss, is_grad_enabled() && scores.requires_grad);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (scores, masks, loss) = ((Tensor)vars[0], (Tensor?)vars[1], (IFusedLoss)vars[2]);
        ctx.save_for_backward(masks is null ? [scores] : [scores, masks]);
        ctx.save_data(Loss, loss);
        using var contiguous = scores.contiguous();
        return loss.Forward(contiguous, masks, (bool)vars[3]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var loss = (IFusedLoss)ctx.get_data(Loss);
        var saved = ctx.get_saved_variables();
        using var scores = saved[0];
        using var masks = saved.Count > 1 ? saved[1] : null;
        if (is_grad_enabled())
        {
            return [AgainInTensors(loss, scores, masks, grad_output), null!, null!, null!];
        }

        using var contiguous = scores.contiguous();
        using var upstream = grad_output.contiguous();
        return [loss.Backward(contiguous, masks, upstream), null!, null!, null!];
    }

    private static Tensor AgainInTensors(IFusedLoss loss, Tensor scores, Tensor? masks, Tensor upstream)
    {
        using var scope = NewDisposeScope();
        var value = loss.InTensors(scores, masks);
        return autograd.grad([value], [scores], [upstream], retain_graph: true, create_graph: true)[0].MoveToOuterDisposeScope();
    }
}
