using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>An object that a detector found in a picture.</summary>
/// <param name="Label">The id of its category.</param>
/// <param name="Score">How sure the detector is; any numbers, the higher the surer.</param>
/// <param name="Box">The box around it.</param>
/// <param name="Mask">The mask, where there is one.</param>
public sealed record DetectedObject(long Label, double Score, ObjectBox Box, RunLengthMask? Mask = null)
{
    /// <summary>Takes the detections of one picture from tensors on any device, as detectors give them.</summary>
    /// <param name="boxes">x1, y1, x2, y2, [N, 4], of a floating dtype.</param>
    /// <param name="labels">[N], of an integral dtype.</param>
    /// <param name="scores">[N], of a floating dtype.</param>
    /// <param name="masks">[N, H, W] or [N, 1, H, W], Bool or Byte, where there are masks; probabilities are compared with a threshold first.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public static IReadOnlyList<DetectedObject> FromTensors(Tensor boxes, Tensor labels, Tensor scores, Tensor? masks = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var (places, classes, sureness, shapes) = ObjectTensors.Read(boxes, labels, scores, masks);
        return [.. places.Select((box, i) => new DetectedObject(classes[i], sureness[i], box, shapes?[i]))];
    }
}
