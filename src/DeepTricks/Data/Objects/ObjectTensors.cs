using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>Objects that stand in tensors.</summary>
internal static class ObjectTensors
{
    /// <summary>Reads what is of the N objects of a picture; widths are computed in the boxes' dtype, as COCO's scripts for PyTorch do.</summary>
    internal static (ObjectBox[] Boxes, long[] Labels, double[] Scores, IReadOnlyList<RunLengthMask>? Masks) Read(
        Tensor boxes, Tensor labels, Tensor? scores, Tensor? masks)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(labels);
        if (boxes.dim() != 2 || boxes.shape[1] != 4 || !boxes.is_floating_point())
            throw new ArgumentException($"Expected boxes [N, 4] of a floating dtype; they are {boxes.ShapeText()} of {boxes.dtype}.", nameof(boxes));
        var count = boxes.shape[0];
        if (labels.dim() != 1 || labels.shape[0] != count || !labels.is_integral())
            throw new ArgumentException($"Expected {count} labels of an integral dtype; they are {labels.ShapeText()} of {labels.dtype}.", nameof(labels));
        if (scores is not null && (scores.dim() != 1 || scores.shape[0] != count || !scores.is_floating_point()))
            throw new ArgumentException($"Expected {count} scores of a floating dtype; they are {scores.ShapeText()} of {scores.dtype}.", nameof(scores));
        if (masks is not null && masks.shape[0] != count)
            throw new ArgumentException($"Expected {count} masks; the shape is {masks.ShapeText()}.", nameof(masks));

        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var corner = boxes.narrow(1, 0, 2);
        var numbers = Doubles(cat([corner, boxes.narrow(1, 2, 2) - corner], 1));
        var places = new ObjectBox[count];
        for (var i = 0; i < places.Length; i++)
            places[i] = new(numbers[4 * i], numbers[(4 * i) + 1], numbers[(4 * i) + 2], numbers[(4 * i) + 3]);
        return (places,
            labels.to(ScalarType.Int64, CPU).Values<long>(),
            scores is null ? [] : Doubles(scores),
            masks is null || count == 0 ? (masks is null ? null : []) : RunLengthMask.EncodeEach(masks));
    }

    private static double[] Doubles(Tensor tensor) => tensor.to(ScalarType.Float64, CPU).Values<double>();
}
