using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Makes the parts of a model as its options say.</summary>
internal static class RcnnParts
{
    private const double MobileScoreThreshold = 0.05;
    private const int MobileMaps = 3;

    internal static GeneralizedRcnn Assemble(DetectionBackbone backbone, FasterRcnnOptions options, MaskRcnnOptions? masks)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        options = Drawing(options);
        var anchors = options.Anchors ?? AnchorGenerator.For(backbone.Strides);
        var head = new RegionProposalHead(backbone.Channels, anchors.PerCell[0], options.ProposalDepth, options.Generator);
        var branch = masks is null
            ? null
            : new MaskBranch(
                Pooling(masks.MaskSize),
                new MaskHead(backbone.Channels, masks.MaskConvolutions, masks.MaskNorms ? channels => nn.BatchNorm2d(channels) : null, generator: options.Generator),
                new MaskPredictor(masks.MaskConvolutions[^1], masks.MaskWidth, options.NumClasses, options.Generator));
        var heads = new RegionHeads(
            Pooling(options.BoxSize), BoxHead(backbone.Channels, options), new BoxPredictor(options.BoxWidth, options.NumClasses, options.Generator), options.Regions, branch);
        return new(backbone, new(anchors, head, options.Proposals), heads, new(options.Transform));
    }

    /// <summary>The heads of torchvision's second versions.</summary>
    internal static T SecondVersion<T>(T options) where T : FasterRcnnOptions =>
        (T)(options with { ProposalDepth = 2, BoxConvolutions = [256, 256, 256, 256] });

    /// <summary>Anchors of all sizes on each map, and likelier proposals.</summary>
    internal static FasterRcnnOptions Mobile(FasterRcnnOptions options) => options with
    {
        Anchors = options.Anchors ?? new([.. Enumerable.Repeat<IReadOnlyList<double>>([32, 64, 128, 256, 512], MobileMaps)]),
        Proposals = options.Proposals.ScoreThreshold == 0 ? options.Proposals with { ScoreThreshold = MobileScoreThreshold } : options.Proposals,
    };

    internal static RegionPooling Pooling(int size)
    {
        var bins = new MultiScaleRoiAlignOptions(size);
        return (maps, boxes, sizes) => MultiScaleRoiAlign.Compute(maps, boxes, [.. sizes.Select(one => (one.Height, one.Width))], bins);
    }

    private static nn.Module<Tensor, Tensor> BoxHead(long channels, FasterRcnnOptions options)
    {
        var cells = (long)options.BoxSize * options.BoxSize;
        return options.BoxConvolutions.Count > 0
            ? new ConvolutionalBoxHead(channels, cells, options.BoxConvolutions, options.BoxWidth, options.Generator)
            : new LinearBoxHead(channels * cells, options.BoxWidth, generator: options.Generator);
    }

    /// <summary>Gives the one generator to all that draw, but for those with draws of their own.</summary>
    private static FasterRcnnOptions Drawing(FasterRcnnOptions options) => options.Generator is not { } generator ? options : options with
    {
        Transform = options.Transform.Generator is null ? options.Transform with { Generator = generator } : options.Transform,
        Proposals = options.Proposals with { Sampler = options.Proposals.Sampler.DrawnBy(generator) },
        Regions = options.Regions with { Sampler = options.Regions.Sampler.DrawnBy(generator) },
    };
}
