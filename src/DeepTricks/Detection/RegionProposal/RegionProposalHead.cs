using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Says for each anchor whether it holds an object and how it would move onto it: 3 × 3 convolutions, and a 1 × 1 one for each of the two, shared by all
/// maps. The names are torchvision's: <c>conv.0.0</c>, <c>cls_logits</c> and <c>bbox_pred</c>.
/// </summary>
/// <remarks>The two last convolutions run as one, so that hooks on them hear nothing.</remarks>
public sealed class RegionProposalHead : nn.Module<Tensor, (Tensor Objectness, Tensor Moves)>
{
    private const double Deviation = 0.01;
    private const int Coordinates = 4;

    [ComponentName(Name = "conv")] private readonly Sequential _convolutions;
    [ComponentName(Name = "cls_logits")] private readonly Conv2d _objectness;
    [ComponentName(Name = "bbox_pred")] private readonly Conv2d _moves;

    /// <summary>Makes the head with first weights drawn as torchvision draws them: normal, of deviation 0.01.</summary>
    /// <param name="channels">The channels of the maps.</param>
    /// <param name="anchors">The anchors of a cell.</param>
    /// <param name="depth">How many 3 × 3 convolutions there are; 1, and 2 in torchvision's second versions.</param>
    /// <param name="generator">Draws the weights; a generator of the CPU, or null for libtorch's own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public RegionProposalHead(long channels, int anchors, int depth = 1, Generator? generator = null) : base(nameof(RegionProposalHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(anchors, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        _convolutions = nn.Sequential(Enumerable.Range(0, depth).Select(_ => new ConvolutionNorm(fold: false, nn.Conv2d(channels, channels, 3, padding: 1), nn.ReLU(inplace: true))));
        _objectness = nn.Conv2d(channels, anchors, 1);
        _moves = nn.Conv2d(channels, Coordinates * anchors, 1);
        RegisterComponents();
        foreach (var convolution in modules().OfType<Conv2d>()) Layers.Normal(convolution, Deviation, generator);
    }

    /// <summary>Looks at one map.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <returns>Logits, [N, anchors, H, W], and moves as a <see cref="BoxCoder"/> takes them, [N, 4 anchors, H, W], four to an anchor.</returns>
    public override (Tensor Objectness, Tensor Moves) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        using var features = _convolutions.call(input);
        var anchors = _objectness.out_channels;
        var both = nn.functional.conv2d(features, cat([_objectness.weight, _moves.weight]), cat([_objectness.bias!, _moves.bias!]));
        return (both.narrow(1, 0, anchors).MoveToOuterDisposeScope(), both.narrow(1, anchors, Coordinates * anchors).MoveToOuterDisposeScope());
    }
}
