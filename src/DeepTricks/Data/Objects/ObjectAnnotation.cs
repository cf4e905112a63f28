using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>An object that somebody marked in a picture: the ground truth of detection.</summary>
/// <param name="Label">The id of its category.</param>
/// <param name="Box">The box around it.</param>
public sealed record ObjectAnnotation(long Label, ObjectBox Box)
{
    /// <summary>The mask, where there is one.</summary>
    public RunLengthMask? Mask { get; init; }

    /// <summary>
    /// The area that decides whether the object is small, medium or large, in square pixels. By default that of the mask, or of the box where there
    /// is no mask; COCO's files state it.
    /// </summary>
    public double Area { get => field < 0 ? Mask?.Area ?? Box.Area : field; init; } = -1;

    /// <summary>
    /// Many objects marked as one: any number of detections may lie in it, and none of them counts ("iscrowd" of COCO). False by default.
    /// </summary>
    public bool IsCrowd { get; init; }

    /// <summary>Neither finding nor missing it counts ("difficult" of VOC). False by default.</summary>
    public bool IsDifficult { get; init; }

    /// <summary>Takes the objects of one picture from tensors on any device.</summary>
    /// <param name="boxes">x1, y1, x2, y2, [N, 4], of a floating dtype.</param>
    /// <param name="labels">[N], of an integral dtype.</param>
    /// <param name="masks">[N, H, W], Bool or Byte, where there are masks.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public static IReadOnlyList<ObjectAnnotation> FromTensors(Tensor boxes, Tensor labels, Tensor? masks = null)
    {
        var (places, classes, _, shapes) = ObjectTensors.Read(boxes, labels, null, masks);
        return [.. places.Select((box, i) => new ObjectAnnotation(classes[i], box) { Mask = shapes?[i] })];
    }
}
