using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Detection in regions that somebody else proposes, as selective search does (Girshick, "Fast R-CNN", 2015): one pass of the network over the image, the
/// features of each region by <see cref="RoiPool"/>, and two linear layers that say what it holds. The names are those of <see cref="GeneralizedRcnn"/>.
/// </summary>
/// <remarks>
/// Given targets, it returns <c>loss_classifier</c> and <c>loss_box_reg</c>; in evaluation mode it returns detections; in evaluation mode and given targets both. The
/// objects themselves are added to the regions that it learns from.
/// </remarks>
public sealed class FastRcnn : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, IReadOnlyList<DetectionTarget>?, DetectionOutput>
{
    private readonly ImageTransform _transform;

    [ComponentName(Name = "backbone")] private readonly DetectionBackbone _backbone;
    [ComponentName(Name = "roi_heads")] private readonly RegionHeads _heads;

    /// <summary>Puts the parts together, which are owned by this.</summary>
    /// <param name="backbone">From images to maps.</param>
    /// <param name="heads">From regions to detections.</param>
    /// <param name="transform">Brings images to the size that the network sees; that of the paper where null.</param>
    public FastRcnn(DetectionBackbone backbone, RegionHeads heads, ImageTransform? transform = null) : base(nameof(FastRcnn))
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(heads);
        (_backbone, _heads, _transform) = (backbone, heads, transform ?? new(new FastRcnnOptions().Transform));
        RegisterComponents();
    }

    /// <summary>From images to maps.</summary>
    public DetectionBackbone Backbone => _backbone;

    /// <summary>From regions to detections.</summary>
    public RegionHeads Heads => _heads;

    /// <summary>Puts a detector on any backbone, of which the finest map is read.</summary>
    /// <param name="backbone">The backbone, which is owned by the model.</param>
    /// <param name="options">The numbers; those of the paper where null.</param>
    /// <returns>The model, in training mode.</returns>
    public static FastRcnn On(DetectionBackbone backbone, FastRcnnOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        options ??= new();
        var pool = new RoiPoolOptions(options.BoxSize) { SpatialScale = 1.0 / backbone.Strides[0] };
        var head = new LinearBoxHead(backbone.Channels * options.BoxSize * options.BoxSize, options.BoxWidth, options.Dropout, options.Generator);
        var regions = options.Generator is { } generator ? options.Regions with { Sampler = options.Regions.Sampler.DrawnBy(generator) } : options.Regions;
        var predictor = new BoxPredictor(options.BoxWidth, options.NumClasses, options.Generator);
        return new(backbone, new((maps, boxes, _) => Pool(maps[0], boxes, pool), head, predictor, regions), new(options.Transform));
    }

    /// <summary>The model of the paper on VGG-16: its convolutions under <c>backbone.body</c>, and its two linear layers as <c>roi_heads.box_head</c>.</summary>
    /// <param name="options">The numbers; those of the paper where null.</param>
    /// <returns>The model, in training mode.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More stages are to learn than there are.</exception>
    public static FastRcnn Vgg16(FastRcnnOptions? options = null)
    {
        options ??= new();
        return On(DetectionBackbones.Vgg16(options), options);
    }

    /// <summary>Losses, detections, or both.</summary>
    /// <param name="input1">Images, [3, H, W] each, from 0 to 1, of the floating type and on the device of the weights; they may have different sizes.</param>
    /// <param name="input2">For each image regions, [K, 4] in its pixels, of positive width and height.</param>
    /// <param name="input3">What is on each image; null where that is not known.</param>
    /// <returns>Tensors in the dispose scope of the caller.</returns>
    /// <exception cref="ArgumentException">An image, a region or a target does not fit, or there are no targets in training mode.</exception>
    public override DetectionOutput forward(IReadOnlyList<Tensor> input1, IReadOnlyList<Tensor> input2, IReadOnlyList<DetectionTarget>? input3)
    {
        DetectionTarget.Check(input3, input1, _heads, training);
        CheckProposals(input2, input1);
        using var scope = NewDisposeScope();
        var batch = _transform.Prepare(input1, input3, training);
        var regions = input2.Select((boxes, i) => ImageTransform.Resize(boxes.to(batch.Images.dtype), batch.OriginalSizes[i], batch.Sizes[i])).ToList();
        var maps = _backbone.call(batch.Images);
        var output = _heads.call(maps, new(regions, regions, []), batch);
        return output.InPixelsOf(batch).MoveToOuterDisposeScope();
    }

    private static Tensor Pool(Tensor map, IReadOnlyList<Tensor> boxes, RoiPoolOptions options)
    {
        using var scope = NewDisposeScope();
        return RoiPool.Compute(map, Regions.FromBoxes(boxes), options).MoveToOuterDisposeScope();
    }

    private static void CheckProposals(IReadOnlyList<Tensor> proposals, IReadOnlyList<Tensor> images)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        if (proposals.Count != images.Count) throw new ArgumentException($"There are {images.Count} images and regions of {proposals.Count}.", nameof(proposals));
        for (var i = 0; i < proposals.Count; i++)
            DetectionTarget.CheckBoxes(proposals[i], $"Regions of image {i}: ", nameof(proposals));
    }
}
