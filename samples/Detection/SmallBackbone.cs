using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>A residual network of nine 3 × 3 convolutions with maps of 1/4, 1/8 and 1/16 of the picture.</summary>
internal sealed class SmallBackbone : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "stem")] private readonly Sequential _stem;
    [ComponentName(Name = "layer1")] private readonly Sequential _layer1;
    [ComponentName(Name = "layer2")] private readonly Sequential _layer2;
    [ComponentName(Name = "layer3")] private readonly Sequential _layer3;

    public SmallBackbone()
        : base(nameof(SmallBackbone))
    {
        _stem = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias: false), nn.BatchNorm2d(32), nn.ReLU());
        _layer1 = nn.Sequential(new SmallBlock(32, 48, 2), new SmallBlock(48, 48, 1));
        _layer2 = nn.Sequential(new SmallBlock(48, 80, 2));
        _layer3 = nn.Sequential(new SmallBlock(80, 96, 2));
        RegisterComponents();
    }

    /// <summary>The layers whose maps go into the pyramid.</summary>
    public static IReadOnlyList<string> Layers { get; } = ["layer1", "layer2", "layer3"];

    public override Tensor forward(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        return _layer3.call(_layer2.call(_layer1.call(_stem.call(pictures)))).MoveToOuterDisposeScope();
    }
}
