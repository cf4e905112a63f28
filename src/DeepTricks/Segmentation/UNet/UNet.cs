using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// U-Net (Ronneberger et al. 2015) in the form that ZJUGiveLab/UNet-Version compares UNet 3+ with: padded convolutions, transposed convolutions of 4 x 4 upwards.
/// </summary>
/// <remarks>Names: <c>conv1.conv1.0</c>, <c>center</c>, <c>up_concat4.up</c>, <c>up_concat4.conv.conv1.0</c>, <c>outconv1</c>.</remarks>
public sealed class UNet : UNetNetwork
{
    private readonly DoubleConvolution[] _encoder;
    private readonly UpBlock[] _decoder;

    // No module, so that it has the one name alone under which it is registered.
    private readonly Func<Tensor, Tensor> _head;

    /// <summary>Makes the network with first weights drawn as the original draws them.</summary>
    /// <param name="options">The architecture; where null the original's, which returns logits.</param>
    public UNet(UNetOptions? options = null) : base(nameof(UNet), options ??= new())
    {
        var (filters, device) = (options.Filters, options.Device);
        var deepest = filters.Count - 1;
        _encoder = [.. filters.Select((channels, i) =>
            Named(i == deepest ? "center" : $"conv{i + 1}", new DoubleConvolution(i == 0 ? options.InputChannels : filters[i - 1], channels, options.BatchNorm, device)))];
        _decoder = new UpBlock[deepest];
        for (var level = deepest - 1; level >= 0; level--)
            _decoder[level] = Named($"up_concat{level + 1}", new UpBlock(filters[level + 1], filters[level], 1, device));
        _head = Named("outconv1", nn.Conv2d(filters[0], options.NumClasses, 3, padding: 1, device: device)).call;
        DrawWeights();
    }

    private protected override SegmentationMaps Run(Tensor images, bool sides)
    {
        var maps = new Tensor[Levels];
        for (var level = 0; level < Levels; level++)
            maps[level] = _encoder[level].call(level == 0 ? images : nn.functional.max_pool2d(maps[level - 1], 2L));
        for (var level = Levels - 2; level >= 0; level--) maps[level] = _decoder[level].call(maps[level + 1], [maps[level]]);
        return new(Finished(_head(maps[0])));
    }
}
