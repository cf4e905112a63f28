using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The fusion module of FFL: the last maps of two networks side by side, a 3 x 3 convolution of each channel, a 1 x 1 convolution to half of them, both with normalisation and
/// ReLU, the mean over the map and a linear layer to logits. Named as in the code of the authors (Jangho-Kim/FFL-pytorch, Fusion_module).
/// </summary>
public sealed class FeatureFusion : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "fc2")]
    private readonly Linear _fc2;
    [ComponentName(Name = "conv1")]
    private readonly Conv2d _conv1;
    [ComponentName(Name = "bn1")]
    private readonly BatchNorm2d _bn1;
    [ComponentName(Name = "conv1_1")]
    private readonly Conv2d _conv1_1;
    [ComponentName(Name = "bn1_1")]
    private readonly BatchNorm2d _bn1_1;

    /// <summary>Makes the module.</summary>
    /// <param name="channels">The channels of each network's maps.</param>
    /// <param name="classes">C.</param>
    public FeatureFusion(long channels, long classes)
        : base(nameof(FeatureFusion))
    {
        _fc2 = nn.Linear(channels, classes);
        _conv1 = nn.Conv2d(2 * channels, 2 * channels, 3, padding: 1, groups: 2 * channels, bias: false);
        _bn1 = nn.BatchNorm2d(2 * channels);
        _conv1_1 = nn.Conv2d(2 * channels, channels, 1, bias: false);
        _bn1_1 = nn.BatchNorm2d(channels);
        RegisterComponents();
    }

    /// <summary>The fused logits.</summary>
    /// <param name="one">[N, channels, H, W].</param>
    /// <param name="other">[N, channels, H, W].</param>
    /// <returns>[N, C].</returns>
    public override Tensor forward(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        var maps = _bn1.call(_conv1.call(cat([one, other], 1))).relu_();
        maps = _bn1_1.call(_conv1_1.call(maps)).relu_();
        return _fc2.call(maps.mean([2, 3])).MoveToOuterDisposeScope();
    }
}
