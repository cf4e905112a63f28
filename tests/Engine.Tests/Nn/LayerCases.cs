using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Nn;

/// <summary>One of each kind of layer that maps a tensor to a tensor, with the shape that it takes.</summary>
public static class LayerCases
{
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Make, long[] Shape)> Cases = new()
    {
        ["Linear"] = (() => nn.Linear(4, 3), [2, 4]),
        ["Conv1d"] = (() => nn.Conv1d(4, 3, 2), [2, 4, 5]),
        ["Conv2d"] = (() => nn.Conv2d(4, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect), [2, 4, 5, 5]),
        ["Conv3d"] = (() => nn.Conv3d(4, 3, 2), [2, 4, 3, 3, 3]),
        ["ConvTranspose2d"] = (() => nn.ConvTranspose2d(4, 3, 2), [2, 4, 3, 3]),
        ["BatchNorm1d"] = (() => nn.BatchNorm1d(4), [3, 4]),
        ["BatchNorm2d"] = (() => nn.BatchNorm2d(4), [2, 4, 3, 3]),
        ["InstanceNorm2d"] = (() => nn.InstanceNorm2d(4, affine: true, track_running_stats: true), [4, 3, 3]),
        ["LayerNorm"] = (() => nn.LayerNorm(4), [2, 4]),
        ["GroupNorm"] = (() => nn.GroupNorm(2, 4), [2, 4, 3]),
        ["LocalResponseNorm"] = (() => nn.LocalResponseNorm(2), [2, 4, 3, 3]),
        ["PReLU"] = (() => nn.PReLU(4), [2, 4]),
        ["ReLU in place"] = (() => nn.ReLU(inplace: true), [2, 4]),
        ["Softsign"] = (() => nn.Softsign(), [2, 4]),
        ["Tanhshrink"] = (() => nn.Tanhshrink(), [2, 4]),
        ["Softmin"] = (() => nn.Softmin(1), [2, 4]),
        ["Identity"] = (() => nn.Identity(), [2, 4]),
        ["Flatten"] = (() => nn.Flatten(), [2, 4]),
        ["Dropout"] = (() => nn.Dropout(), [2, 4]),
        ["Dropout in place"] = (() => nn.Dropout(inplace: true), [2, 4]),
        ["AdaptiveMaxPool2d"] = (() => nn.AdaptiveMaxPool2d([2, 2]), [2, 4, 5, 5]),
        ["FractionalMaxPool2d"] = (() => nn.FractionalMaxPool2d(2, output_ratio: 0.5), [2, 4, 6, 6]),
        ["LPPool2d"] = (() => nn.LPPool2d(2, 2), [2, 4, 6, 6]),
        ["Upsample"] = (() => nn.Upsample(scale_factor: [2, 2]), [2, 4, 3, 3]),
        ["Sequential"] = (() => nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Dropout(), nn.Linear(3, 2)), [2, 4]),
        ["Sequential of nothing"] = (() => nn.Sequential(), [2, 4]),
        ["TransformerEncoderLayer"] = (() => nn.TransformerEncoderLayer(4, 2, 8), [3, 2, 4]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static (nn.Module<Tensor, Tensor> Layer, Tensor Input) Make(string name)
    {
        var (make, shape) = Cases[name];
        return (make(), randn(shape));
    }
}
