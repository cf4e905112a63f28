using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What recurrent networks over sequences have in common: the sizes, and the weights of all layers and directions.</summary>
internal sealed record RecurrentLayers(long InputSize, long HiddenSize, long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional)
{
    private long Directions => Bidirectional ? 2 : 1;

    /// <summary>Makes the weights in PyTorch's order, under PyTorch's names.</summary>
    /// <param name="gates">The number of matrices that stand in one weight.</param>
    public IEnumerable<(string Name, Parameter Weight)> Weights(int gates, Device? device, ScalarType? dtype)
    {
        var bound = 1 / Math.Sqrt(HiddenSize);
        for (var layer = 0L; layer < Layers; layer++)
        {
            foreach (var direction in Bidirectional ? new[] { "", "_reverse" } : [""])
            {
                yield return ($"weight_ih_l{layer}{direction}", Drawn(gates * HiddenSize, layer == 0 ? InputSize : HiddenSize * Directions));
                yield return ($"weight_hh_l{layer}{direction}", Drawn(gates * HiddenSize, HiddenSize));
                if (!Bias) continue;
                yield return ($"bias_ih_l{layer}{direction}", Drawn(gates * HiddenSize));
                yield return ($"bias_hh_l{layer}{direction}", Drawn(gates * HiddenSize));
            }
        }

        Parameter Drawn(params long[] size)
        {
            var weight = Components.Empty(device, dtype, size);
            nn.init.uniform_(weight, -bound, bound);
            weight.DetachFromDisposeScope();
            return weight;
        }
    }

    /// <summary>The state to start from where none is given.</summary>
    public Tensor NoState(Tensor data, long batch) =>
        aten("new_zeros", data, new[] { Layers * Directions, batch, HiddenSize });

    public long BatchOf(Tensor input)
    {
        if (input.ndim != 3) throw new ArgumentException($"A recurrent network takes three dimensions, not {input.ndim}.", nameof(input));
        return input.size(BatchFirst ? 0 : 1);
    }

    public static long BatchOf(nn.utils.rnn.PackedSequence input)
    {
        using var first = aten("select.int", input.batch_sizes, 0, 0);
        return atenScalar("item", first).Integer;
    }

    /// <summary>Lays the weights out for cuDNN, where they are on a CUDA device; elsewhere there is nothing to gain.</summary>
    /// <param name="mode">cuDNN's number for the kind of network.</param>
    public void Flatten(Tensor[] weights, long mode)
    {
        if (weights.Length == 0 || !weights.All(weight => weight.is_cuda)) return;
        using var _ = no_grad();
        aten("_cudnn_rnn_flatten_weight", weights, Bias ? 4 : 2, InputSize, mode, HiddenSize, 0, Layers, BatchFirst, Bidirectional).Dispose();
    }
}
