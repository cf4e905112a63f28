using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// UNet 3+ (Huang et al., "UNet 3+: A Full-Scale Connected UNet for Medical Image Segmentation", 2020): every level of the decoder sees all
/// levels of the network. With deep supervision each level has a map of its own, and the classification-guided module keeps images with nothing on them empty.
/// </summary>
/// <remarks>
/// Names and computation are those of ZJUGiveLab/UNet-Version (<c>conv1.conv1.0</c>, <c>h1_PT_hd4_conv</c>, <c>hd5_UT_hd4_bn</c>, <c>conv4d_1</c>,
/// <c>outconv1</c>, <c>cls.1</c>); results differ by rounding, since convolutions of enlarged maps are taken apart where that is less work.
/// </remarks>
public sealed class UNetThreePlus : UNetNetwork
{
    private readonly UNetThreePlusOptions _options;
    private readonly DoubleConvolution[] _encoder;
    private readonly FullScaleStage[] _decoder;
    private readonly Conv2d[] _heads;
    private readonly PresenceHead? _presence;

    /// <summary>Makes the network with first weights drawn as the original draws them.</summary>
    /// <param name="options">The architecture; where null UNet 3+ without deep supervision and guidance, which returns logits.</param>
    public UNetThreePlus(UNetThreePlusOptions? options = null) : base(nameof(UNetThreePlus), options ??= new())
    {
        _options = options;
        var (filters, device) = (options.Filters, options.Device);
        _encoder = [.. filters.Select((channels, i) =>
            Named($"conv{i + 1}", new DoubleConvolution(i == 0 ? options.InputChannels : filters[i - 1], channels, options.BatchNorm, device)))];
        _decoder = new FullScaleStage[filters.Count - 1];
        for (var level = _decoder.Length - 1; level >= 0; level--) _decoder[level] = new(level, options, register_module);
        _heads = [.. Enumerable.Range(0, options.DeepSupervision ? filters.Count : 1).Select(level =>
            Named($"outconv{level + 1}", nn.Conv2d(level == filters.Count - 1 ? filters[level] : filters[0] * filters.Count, options.NumClasses, 3, padding: 1, device: device)))];
        if (options.Guidance != ClassificationGuidance.None)
        {
            _presence = new(filters[^1], device);
            Named("cls", _presence.Layers);
        }

        DrawWeights();
    }

    private protected override SegmentationMaps Run(Tensor images, bool sides)
    {
        // By level and number of halvings: pooling by 2 again and again is pooling by 4, 8 and so on.
        var pooled = new List<Tensor>[Levels];
        var maps = new Tensor[Levels];
        var deepest = Levels - 1;
        for (var level = 0; level < Levels; level++)
        {
            maps[level] = _encoder[level].call(level == 0 ? images : pooled[level - 1][1]);
            pooled[level] = [maps[level]];
            for (var times = 1; times <= Math.Max(1, deepest - 1 - level) && level < deepest; times++) pooled[level].Add(nn.functional.max_pool2d(pooled[level][^1], 2L));
        }

        for (var level = deepest - 1; level >= 0; level--)
        {
            var sources = maps.Select((map, source) => source < level ? pooled[source][level - source] : map).ToArray();
            maps[level] = _decoder[level].Run(sources);
        }

        var presence = _presence?.Logit(maps[deepest]);
        var results = _heads.Take(sides ? _heads.Length : 1).Select((head, level) => Gated(Full(head.call(maps[level]), images), presence)).ToArray();
        return new(results[0], results, presence is null ? null : Finished(presence));
    }

    private static Tensor Full(Tensor map, Tensor images) =>
        map.size(2) == images.size(2) && map.size(3) == images.size(3) ? map : UpsampledConvolution.Enlarge(map, images.size(2), images.size(3));

    private Tensor Gated(Tensor logits, Tensor? presence) => presence is null ? Finished(logits) : _options switch
    {
        { Guidance: ClassificationGuidance.Hard } => Finished(PresenceGate.Hard(logits, presence)),
        { Probabilities: true } => logits.sigmoid() * presence.sigmoid().unsqueeze(-1).unsqueeze(-1),
        _ => PresenceGate.Soft(logits, presence),
    };
}
