using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What recurrent cells have in common.</summary>
internal static class RecurrentCell
{
    public static Parameter Weight(long hiddenSize, Device? device, ScalarType? dtype, params long[] size)
    {
        var weight = Components.Empty(device, dtype, size);
        var bound = 1 / Math.Sqrt(hiddenSize);
        nn.init.uniform_(weight, -bound, bound);
        return weight;
    }

    /// <summary>The state to start from where none is given, with a batch or without as the input.</summary>
    public static Tensor NoState(Tensor input, long hiddenSize) =>
        aten("new_zeros", input, input.ndim == 1 ? [hiddenSize] : new[] { input.size(0), hiddenSize });
}
