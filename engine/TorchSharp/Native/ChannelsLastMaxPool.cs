using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// Maximum pooling by libtorch's kernel for images whose channels lie next to each other: it is vectorised, and the one for the
/// usual order is not. With the copies there and back it takes about a third of the time, and gives the same values and indices to
/// the bit. Backward is libtorch's for the usual order.
/// </summary>
internal sealed class ChannelsLastMaxPool : autograd.MultiTensorFunction<ChannelsLastMaxPool>
{
    private const long ChannelsLast = 2; // c10::MemoryFormat
    private const int FewestChannels = 8; // a vector of them
    private const long FewestElements = 32 * 1024; // below, the copies cost what the kernel gains

    private sealed record Window(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, bool Ceiling);

    /// <summary>Whether the detour is worth while.</summary>
    public static bool Suits(Tensor input) =>
        input.ndim == 4 && input.numel() >= FewestElements && input.size(1) >= FewestChannels
        && input.dtype is ScalarType.Float32 or ScalarType.Float64 && input.is_cpu() && input.is_contiguous();

    public static (Tensor Values, Tensor Indices) Of(Tensor input, long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceiling)
    {
        var results = apply(input, new Window(kernel, stride, padding, dilation, ceiling));
        return (results[0], results[1]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, window) = ((Tensor)vars[0], (Window)vars[1]);
        using var turned = aten("contiguous", input, ChannelsLast);
        var (values, indices) = aten2("max_pool2d_with_indices", turned, window.Kernel, window.Stride, window.Padding, window.Dilation, window.Ceiling);
        using var turnedValues = values;
        using var turnedIndices = indices;
        List<Tensor> results = [values.contiguous(), indices.contiguous()];
        ctx.save_data(nameof(Window), window);
        ctx.save_for_backward([input, results[1]]);
        ctx.mark_non_differentiable([results[1]]);
        ctx.set_materialize_grads(false);
        return results;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var (kernel, stride, padding, dilation, ceiling) = (Window)ctx.get_data(nameof(Window));
        var saved = ctx.get_saved_variables();
        return [aten("max_pool2d_with_indices_backward", grad_outputs[0], saved[0], kernel, stride, padding, dilation, ceiling, saved[1]), null!];
    }
}
