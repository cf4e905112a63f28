using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>A kernel as a function of autograd; a gradient that is to be differentiated itself comes from the twin.</summary>
internal sealed class FusedFunction : autograd.SingleTensorFunction<FusedFunction>
{
    private const string Loss = "loss";
    private const string HasMasks = "masks";

    /// <inheritdoc/>
    public override string Name => nameof(FusedFunction);

    /// <summary>The loss of scores, by the kernel; to be called inside a dispose scope.</summary>
    public static Tensor Of(IFusedLoss loss, Tensor scores, Tensor? masks) =>
        apply(scores, masks!, loss, is_grad_enabled() && scores.requires_grad);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (scores, masks, loss) = ((Tensor)vars[0], (Tensor?)vars[1], (IFusedLoss)vars[2]);
        using var contiguous = scores.contiguous();
        var gradient = (bool)vars[3] && loss.GivesGradient ? empty_like(contiguous) : null;
        var value = loss.Forward(contiguous, masks, gradient);
        ctx.save_data(Loss, loss);
        ctx.save_data(HasMasks, masks is not null);
        ctx.save_for_backward([.. ((Tensor?[])[scores, masks, gradient]).OfType<Tensor>()]);
        return value;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var loss = (IFusedLoss)ctx.get_data(Loss);
        var saved = ctx.get_saved_variables();
        using var scores = saved[0];
        using var masks = (bool)ctx.get_data(HasMasks) ? saved[1] : null;
        using var gradient = loss.GivesGradient ? saved[^1] : null;
        if (is_grad_enabled())
        {
            return [AgainInTensors(loss, scores, masks, grad_output), null!, null!, null!];
        }

        using var upstream = grad_output.contiguous();
        if (gradient is not null)
        {
            using var factors = upstream.reshape(-1, 1, 1);
            return [gradient * factors, null!, null!, null!];
        }

        using var contiguous = scores.contiguous();
        return [loss.Backward(contiguous, masks, upstream), null!, null!, null!];
    }

    private static Tensor AgainInTensors(IFusedLoss loss, Tensor scores, Tensor? masks, Tensor upstream)
    {
        using var scope = NewDisposeScope();
        var value = loss.InTensors(scores, masks);
        return autograd.grad([value], [scores], [upstream], retain_graph: true, create_graph: true)[0].MoveToOuterDisposeScope();
    }
}
