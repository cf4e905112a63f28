using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// A detector in two stages put together of its parts: images become feature maps, the maps regions, and the regions detections, with masks where the heads
/// have them. <see cref="FasterRcnn"/> and <see cref="MaskRcnn"/> make the usual ones. State-dict names are torchvision's: <c>backbone</c>, <c>rpn</c>, <c>roi_heads</c>.
/// </summary>
/// <remarks>
/// Given targets, it returns the terms of the loss; in evaluation mode it returns detections; in evaluation mode and given targets both, from one pass
/// through the backbone. The losses of evaluation mode are those of training mode but for the state of normalisations and dropout: the regions are those that
/// training would look at. Images and targets are not changed. One thread at a time.
/// </remarks>
public sealed class GeneralizedRcnn : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<DetectionTarget>?, DetectionOutput>
{
    private readonly ImageTransform _transform;

    [ComponentName(Name = "backbone")] private readonly DetectionBackbone _backbone;
    [ComponentName(Name = "rpn")] private readonly RegionProposalNetwork _proposals;
    [ComponentName(Name = "roi_heads")] private readonly RegionHeads _heads;

    /// <summary>Puts the parts together, which are owned by this.</summary>
    /// <param name="backbone">From images to maps.</param>
    /// <param name="proposals">From maps to regions.</param>
    /// <param name="heads">From regions to detections.</param>
    /// <param name="transform">Brings images to the size that the network sees; torchvision's sizes where null.</param>
    public GeneralizedRcnn(DetectionBackbone backbone, RegionProposalNetwork proposals, RegionHeads heads, ImageTransform? transform = null) : base(nameof(GeneralizedRcnn))
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentNullException.ThrowIfNull(heads);
        (_backbone, _proposals, _heads, _transform) = (backbone, proposals, heads, transform ?? new());
        RegisterComponents();
    }

    /// <summary>From images to maps.</summary>
    public DetectionBackbone Backbone => _backbone;

    /// <summary>From maps to regions.</summary>
    public RegionProposalNetwork Proposals => _proposals;

    /// <summary>From regions to detections.</summary>
    public RegionHeads Heads => _heads;

    /// <summary>Finds objects, without gradients.</summary>
    /// <param name="images">[3, H, W] each, from 0 to 1, of the floating type and on the device of the weights; they may have different sizes.</param>
    /// <returns>One for each image, in the dispose scope of the caller.</returns>
    /// <exception cref="InvalidOperationException">The model is in training mode.</exception>
    /// <exception cref="ArgumentException">There is no image, or one is of another shape or type.</exception>
    public IReadOnlyList<Detections> Detect(params IReadOnlyList<Tensor> images)
    {
        if (training) throw new InvalidOperationException("The model is in training mode; expected eval() before.");
        using var _ = no_grad();
        return call(images, null).Detections;
    }

    /// <summary>Losses, detections, or both.</summary>
    /// <param name="input1">Images, [3, H, W] each, from 0 to 1, of the floating type and on the device of the weights; they may have different sizes.</param>
    /// <param name="input2">What is on each of them; null where that is not known. An image without objects has boxes [0, 4].</param>
    /// <returns>Tensors in the dispose scope of the caller.</returns>
    /// <exception cref="ArgumentException">
    /// There is no image, or an image or target does not fit, such as a box without area; or there are no targets in training mode.
    /// </exception>
    public override DetectionOutput forward(IReadOnlyList<Tensor> input1, IReadOnlyList<DetectionTarget>? input2)
    {
        DetectionTarget.Check(input2, input1, _heads, training);
        using var scope = NewDisposeScope();
        var batch = _transform.Prepare(input1, input2, training);
        var maps = _backbone.call(batch.Images);
        var proposals = _proposals.call(maps, batch);
        var output = _heads.call([.. maps.Take(_backbone.PooledMaps)], proposals, batch);
        foreach (var map in maps) map.Dispose();
        return (output.InPixelsOf(batch) with { Losses = [.. output.Losses, .. proposals.Losses] }).MoveToOuterDisposeScope();
    }
}
