using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Pooling kernels as a function of autograd: the maps come first, then the operator.</summary>
internal sealed class RegionFunction : autograd.SingleTensorFunction<RegionFunction>
{
    private const string Operator = "operator";

    /// <inheritdoc/>
    public override string Name => nameof(RegionFunction);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor[] maps = [.. vars[..^1].Cast<Tensor>()];
        var pooling = (RegionOperator)vars[^1];
        if (pooling.NeedsMaps)
        {
            ctx.save_for_backward([.. maps]);
        }

        ctx.save_data(Operator, pooling);
        return pooling.Forward(maps);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var pooling = (RegionOperator)ctx.get_data(Operator);
        using var scope = NewDisposeScope();
        Tensor[] maps = pooling.NeedsMaps ? [.. ctx.get_saved_variables()] : [];
        var gradients = is_grad_enabled() ? AgainInTensors(pooling, maps, grad_output) : pooling.Backward(maps, grad_output.contiguous());
        return [.. gradients.Select(gradient => gradient.MoveToOuterDisposeScope()), null!];
    }

    /// <summary>A gradient that is to be differentiated itself comes from the tensor operations. Where the maps' values do not matter, zeros stand for them.</summary>
    private static Tensor[] AgainInTensors(RegionOperator pooling, Tensor[] maps, Tensor upstream)
    {
        if (maps.Length == 0)
        {
            maps = [.. pooling.Layouts.Select(map => torch.zeros([pooling.Images, map.Channels, map.Height, map.Width], pooling.Dtype, requires_grad: true))];
        }

        return [.. autograd.grad([pooling.InTensors(maps)], [.. maps], [upstream], retain_graph: true, create_graph: true)];
    }
}
