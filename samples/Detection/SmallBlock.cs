using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>Two convolutions beside a shortcut; the map that comes out is half as large.</summary>
internal sealed class SmallBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "body")] private readonly Sequential _body;
    [ComponentName(Name = "shortcut")] private readonly Sequential _shortcut;

    public SmallBlock(long from, long to)
        : base(nameof(SmallBlock))
    {
        _body = nn.Sequential(
            nn.Conv2d(from, to, 3, 2, 1, bias: false), nn.BatchNorm2d(to), nn.ReLU(), nn.Conv2d(to, to, 3, 1, 1, bias: false), nn.BatchNorm2d(to));
        _shortcut = nn.Sequential(nn.Conv2d(from, to, 1, 2, bias: false), nn.BatchNorm2d(to));
        RegisterComponents();
    }

    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return (_body.call(map) + _shortcut.call(map)).relu().MoveToOuterDisposeScope();
    }
}
