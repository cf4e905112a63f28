using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <content>What the two networks on residual networks have in common.</content>
public abstract partial class RefinementNetwork
{
    private const int ResNetStageCount = 4;
    private const long CoarsestWidth = 512;

    /// <summary>A residual network without its head.</summary>
    private protected static Encoder ResNetEncoder(ResNetOptions options)
    {
        var network = new ResNet(options with { NumClasses = 0 });
        return new(network, images => network.Maps(images).Reverse());
    }

    /// <summary>Adds dropout, which the original has under one name for all its places; null where it would do nothing.</summary>
    private protected Dropout? AddDropout(double probability) => probability > 0 ? Add("do", nn.Dropout(probability)) : null;

    /// <summary>Adds the four stages of the original, whose names come from the paper's code.</summary>
    private protected void AddResNetStages(ResNetOptions encoder, int kernel, Dropout? dropout, bool units)
    {
        for (var k = 1; k <= ResNetStageCount; k++)
        {
            var width = k == 1 ? CoarsestWidth : Width;
            var path = new List<nn.Module<Tensor, Tensor>> { Add($"p_ims1d2_outl{k}_dimred", WideConvolution.For(Convolution(encoder.StageChannels(ResNetStageCount - k), width))) };
            if (units) path.Add(Add($"adapt_stage{k}_b", Units(width, blocks: 2)));
            if (k > 1) path.Add(Add($"adapt_stage{k}_b2_joint_varout_dimred", Convolution(width, width)));
            var output = new List<nn.Module<Tensor, Tensor>> { nn.ReLU(inplace: true), Add($"mflow_conv_g{k}_pool", Pooling(width, kernel, encoder)) };
            if (units) output.Add(Add($"mflow_conv_g{k}_b", Units(width, blocks: 3)));
            if (k < ResNetStageCount) output.Add(Add($"mflow_conv_g{k}_b3_joint_varout_dimred", Convolution(width, Width)));
            // The two coarsest maps only.
            if (dropout is not null && k <= 2) path.Insert(0, dropout);
            Add(new RefinementStage([[.. path]], [.. output]));
        }

        Conv2d Convolution(long input, long output) => RefinementLayers.Convolution(input, output, kernel, bias: false, encoder.Device, encoder.Generator);

        Sequential Units(long channels, int blocks) =>
            nn.Sequential(new ResidualConvUnit(channels, new() { Blocks = blocks, KernelSize = kernel, Device = encoder.Device, Generator = encoder.Generator }));
    }
}
