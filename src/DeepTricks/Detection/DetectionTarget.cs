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
    internal void Check(int index, ImageSize image, long classes, bool masks)
    {
        ArgumentNullException.ThrowIfNull(Boxes);
        ArgumentNullException.ThrowIfNull(Labels);
        var at = $"Target {index}: ";
        if (Boxes.dim() != 2 || Boxes.size(1) != 4 || !Boxes.is_floating_point())
            throw Wrong($"{at}expected boxes [N, 4] of a floating type, and {Boxes.dtype} [{string.Join(", ", Boxes.shape)}] came.");
        var count = Boxes.size(0);
        if (Labels.dim() != 1 || Labels.size(0) != count || Labels.dtype != ScalarType.Int64)
            throw Wrong($"{at}expected labels [{count}] of int64, and {Labels.dtype} [{string.Join(", ", Labels.shape)}] came.");
        if (masks && Masks is null) throw Wrong($"{at}the model learns masks, and there are none.");
        if (masks && (Masks!.dim() != 3 || Masks.size(0) != count || Masks.size(1) != image.Height || Masks.size(2) != image.Width))
            throw Wrong($"{at}expected masks [{count}, {image.Height}, {image.Width}], and [{string.Join(", ", Masks!.shape)}] came.");
        if (masks && Masks!.dtype is not (ScalarType.Byte or ScalarType.Bool)) throw Wrong($"{at}expected masks of uint8 or bool, and {Masks.dtype} came.");
        if (count > 0) CheckValues(at, classes);
    }

    private void CheckValues(string at, long classes)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        // One question to the device for all boxes; NaN is no positive width either.
        var good = Boxes.narrow(1, 2, 2).gt(Boxes.narrow(1, 0, 2)).all(1).logical_and(Boxes.isfinite().all(1));
        if (!good.all().item<bool>())
        {
            var first = good.logical_not().nonzero()[0, 0].item<long>();
            var box = Boxes[first].to(ScalarType.Float64).cpu().Values<double>();
            throw Wrong($"{at}box {first} is [{string.Join(", ", box)}]; expected x1 < x2 and y1 < y2, and finite values.");
        }

        if (Labels.lt(1).logical_or(Labels.ge(classes)).any().item<bool>())
            throw Wrong($"{at}expected labels from 1 to {classes - 1}, and they go from {Labels.min().item<long>()} to {Labels.max().item<long>()}.");
    }

    private static ArgumentException Wrong(string message) => new(message, "targets");
}
