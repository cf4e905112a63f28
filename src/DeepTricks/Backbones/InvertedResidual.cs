using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Expansion, depthwise convolution and projection, beside the identity where the shape stays the same.</summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _inner;
    private readonly bool _residual;

    /// <param name="name">What the layers inside are called: <c>conv</c> in MobileNetV2, <c>block</c> in V3.</param>
    /// <param name="inner">The layers.</param>
    /// <param name="residual">Whether the input is added.</param>
    /// <param name="strided">Whether the block stands where torchvision's has a stride, even if it is dilated instead.</param>
    internal InvertedResidual(string name, Sequential inner, bool residual, bool strided) : base(nameof(InvertedResidual))
    {
        // Held as its call and not as a module, which would be registered again under the field's name.
        _inner = inner.call;
        (_residual, Strided) = (residual, strided);
        register_module(name, inner);
    }

    /// <summary>Whether a stage of the network starts here.</summary>
    internal bool Strided { get; }

    public override Tensor forward(Tensor input)
    {
        var output = _inner(input);
        // In the memory of the projection: its normalisation does not need the result for its gradient.
        return _residual ? output.add_(input) : output;
    }
}
