using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// A small decoder from a backbone's features to masks: a 3 x 3 convolution, normalisation and ReLU, then for each doubling the features enlarged bilinearly and another
/// three, then one logit a place and part. State-dict names: "blocks.0.conv", "blocks.0.norm" and so on, "mask".
/// </summary>
public sealed class PartMaskDecoder : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "blocks")]
    private readonly ModuleList<nn.Module<Tensor, Tensor>> _blocks = [];

    [ComponentName(Name = "mask")]
    private readonly Conv2d _mask;

    /// <summary>Makes the decoder.</summary>
    /// <param name="channels">The channels of the features.</param>
    /// <param name="options">The settings; one part, 64 channels, two doublings where null.</param>
    public PartMaskDecoder(long channels, PartMaskDecoderOptions? options = null)
        : base(nameof(PartMaskDecoder))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        options ??= new();
        Parts = options.Parts;
        for (var i = 0L; i <= options.Doublings; i++)
        {
            var convolution = nn.Conv2d(i == 0 ? channels : options.Width, options.Width, 3, padding: 1, bias: false);
            Layers.KaimingNormal(convolution, nn.init.FanInOut.FanOut, options.Generator);
            _blocks.Add(nn.Sequential(("conv", convolution), ("norm", nn.BatchNorm2d(options.Width)), ("relu", nn.ReLU(inplace: true))));
        }

        _mask = nn.Conv2d(options.Width, options.Parts, 1);
        Layers.Uniform(_mask, options.Generator);
        RegisterComponents();
    }

    /// <summary>How many masks it predicts.</summary>
    public long Parts { get; }

    /// <summary>The logits of the masks.</summary>
    /// <param name="features">[N, C, h, w].</param>
    /// <returns>[N, parts, h · 2^doublings, w · 2^doublings].</returns>
    public override Tensor forward(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var current = _blocks[0].call(features);
        foreach (var block in _blocks.Skip(1))
        {
            current = block.call(nn.functional.interpolate(current, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false));
        }

        return _mask.call(current).MoveToOuterDisposeScope();
    }
}
