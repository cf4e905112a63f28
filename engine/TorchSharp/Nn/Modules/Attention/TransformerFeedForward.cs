using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The part of a transformer's layer that works on each position alone.</summary>
internal sealed class TransformerFeedForward(Linear inner, Dropout dropout, Linear outer, nn.Activations activation)
{
    public Tensor Apply(Tensor x)
    {
        var wide = inner.call(x);
        return outer.call(dropout.call(activation == nn.Activations.GELU ? nn.functional.gelu(wide) : nn.functional.relu(wide)));
    }
}
