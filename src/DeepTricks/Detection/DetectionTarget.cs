using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>The objects of an image. The tensors stay the caller's: no model changes, keeps or disposes of them.</summary>
/// <param name="Boxes">[N, 4], floating, x1, y1, x2, y2 in pixels of the image, of positive width and height; N may be 0.</param>
/// <param name="Labels">[N], int64, from 1 on: 0 is the background.</param>
/// <param name="Masks">[N, H, W] of the image's size, uint8 or bool, not 0 where the object is; needed by Mask R-CNN alone.</param>
public sealed record DetectionTarget(Tensor Boxes, Tensor Labels, Tensor? Masks = null) : IDisposable
{
    /// <summary>Disposes of the tensors.</summary>
    public void Dispose()
    {
        Boxes.Dispose();
        Labels.Dispose();
        Masks?.Dispose();
    }

    /// <summary>Refuses what no model can train with.</summary>
    internal static void Check(IReadOnlyList<DetectionTarget>? targets, IReadOnlyList<Tensor> images, RegionHeads heads, bool training)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (targets is null)
        {
            if (training) throw Wrong("The model is in training mode; expected targets.");
            return;
        }

        if (targets.Count != images.Count) throw Wrong($"There are {images.Count} images and {targets.Count} targets.");
        // What a predictor of the caller's knows is its own affair.
        var classes = (heads.BoxPredictor as BoxPredictor)?.NumClasses ?? long.MaxValue;
        for (var i = 0; i < targets.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(targets[i], nameof(targets));
            if (images[i]?.dim() != 3) throw new ArgumentException($"Image {i}: expected [3, H, W].", nameof(images));
            targets[i].Check(i, new(images[i].size(1), images[i].size(2)), classes, heads.HasMasks);
        }
    }

    /// <summary>Refuses boxes without area, and what are no boxes.</summary>
    internal static void CheckBoxes(Tensor boxes, string at, string name)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        if (boxes.dim() != 2 || boxes.size(1) != 4 || !boxes.is_floating_point())
            throw new ArgumentException($"{at}expected boxes [N, 4] of a floating type, and {boxes.dtype} {boxes.ShapeText()} came.", name);
        if (boxes.size(0) == 0) return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // One question to the device for all boxes; NaN is no positive width either.
        var good = boxes.narrow(1, 2, 2).gt(boxes.narrow(1, 0, 2)).all(1).logical_and(boxes.isfinite().all(1));
        if (good.all().item<bool>()) return;
        var first = good.logical_not().nonzero()[0, 0].item<long>();
        var box = boxes[first].to(ScalarType.Float64).cpu().Values<double>();
        throw new ArgumentException($"{at}box {first} is [{string.Join(", ", box)}]; expected x1 < x2 and y1 < y2, and finite values.", name);
    }

    /// <summary>Refuses what no model can train with.</summary>
    internal void Check(int index, ImageSize image, long classes, bool masks)
    {
        ArgumentNullException.ThrowIfNull(Boxes);
        ArgumentNullException.ThrowIfNull(Labels);
        var at = $"Target {index}: ";
        CheckBoxes(Boxes, at, "targets");
        var count = Boxes.size(0);
        if (Labels.dim() != 1 || Labels.size(0) != count || Labels.dtype != ScalarType.Int64)
            throw Wrong($"{at}expected labels [{count}] of int64, and {Labels.dtype} {Labels.ShapeText()} came.");
        if (masks && Masks is null) throw Wrong($"{at}the model learns masks, and there are none.");
        if (masks && (Masks!.dim() != 3 || Masks.size(0) != count || Masks.size(1) != image.Height || Masks.size(2) != image.Width))
            throw Wrong($"{at}expected masks [{count}, {image.Height}, {image.Width}], and {Masks!.ShapeText()} came.");
        if (masks && Masks!.dtype is not (ScalarType.Byte or ScalarType.Bool)) throw Wrong($"{at}expected masks of uint8 or bool, and {Masks.dtype} came.");
        if (count > 0) CheckLabels(at, classes);
    }

    private void CheckLabels(string at, long classes)
    {
        using var scope = NewDisposeScope();
        if (Labels.lt(1).logical_or(Labels.ge(classes)).any().item<bool>())
            throw Wrong($"{at}expected labels from 1 to {classes - 1}, and they go from {Labels.min().item<long>()} to {Labels.max().item<long>()}.");
    }

    private static ArgumentException Wrong(string message) => new(message, "targets");
}
