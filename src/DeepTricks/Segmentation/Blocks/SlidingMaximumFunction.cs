using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>The kernel as a function of autograd: of features on the CPU it keeps one byte each, where libtorch keeps an index of eight and the features themselves.</summary>
internal sealed unsafe class SlidingMaximumFunction : autograd.SingleTensorFunction<SlidingMaximumFunction>
{
    private const string Side = "side";

    /// <inheritdoc/>
    public override string Name => nameof(SlidingMaximumFunction);

    /// <summary>The maxima alone.</summary>
    internal static Tensor Values(Tensor features, int side)
    {
        var maxima = empty_like(features);
        Kernel(features, side).Forward(features.Address<float>(), Planes(features), maxima.Address<float>(), null);
        return maxima;
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (features, side) = ((Tensor)vars[0], (int)vars[1]);
        var maxima = empty_like(features);
        var places = empty(features.shape, ScalarType.Byte);
        Kernel(features, side).Forward(features.Address<float>(), Planes(features), maxima.Address<float>(), places.Address<byte>());
        ctx.save_data(Side, side);
        ctx.save_for_backward([places]);
        return maxima;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var side = (int)ctx.get_data(Side);
        using var places = ctx.get_saved_variables()[0];
        if (is_grad_enabled()) return [InTensors(grad_output, places, side), null!];

        using var contiguous = grad_output.contiguous();
        var inputs = empty_like(contiguous);
        Kernel(places, side).Backward(contiguous.Address<float>(), places.Address<byte>(), Planes(places), inputs.Address<float>());
        return [inputs, null!];
    }

    /// <summary>A gradient that is to be differentiated itself comes from the tensor operations.</summary>
    private static Tensor InTensors(Tensor gradient, Tensor places, int side)
    {
        using var scope = NewDisposeScope();
        var (width, reach) = (places.size(3), side / 2);
        var place = places.to(ScalarType.Int64);
        var offset = (place.div(side, RoundingMode.floor) - reach) * width + place.remainder(side) - reach;
        var at = offset.flatten(2) + arange(offset.size(2) * width, ScalarType.Int64);
        return zeros_like(gradient).flatten(2).scatter_add(2, at, gradient.flatten(2)).reshape(gradient.shape).MoveToOuterDisposeScope();
    }

    private static SlidingMaximumPlanes Kernel(Tensor features, int side) => new(side, (int)features.size(2), (int)features.size(3));

    private static long Planes(Tensor features) => features.size(0) * features.size(1);
}
