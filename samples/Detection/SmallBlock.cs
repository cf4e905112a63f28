using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>Two convolutions beside a shortcut, which has a convolution of its own where the map changes its size.</summary>
internal sealed class SmallBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "body")] private readonly Sequential _body;
    [ComponentName(Name = "shortcut")] private readonly Sequential? _shortcut;

    public SmallBlock(long from, long to, long stride)
        : base(nameof(SmallBlock))
    {
        _body = nn.Sequential(
            nn.Conv2d(from, to, 3, stride, 1, bias: false), nn.BatchNorm2d(to), nn.ReLU(), nn.Conv2d(to, to, 3, 1, 1, bias: false), nn.BatchNorm2d(to));
        if (stride > 1) _shortcut = nn.Sequential(nn.Conv2d(from, to, 1, stride, bias: false), nn.BatchNorm2d(to));
        RegisterComponents();
    }

    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return (_body.call(map) + (_shortcut?.call(map) ?? map)).relu().MoveToOuterDisposeScope();
    }
}
