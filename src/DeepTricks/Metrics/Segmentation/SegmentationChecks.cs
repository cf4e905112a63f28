using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>The checks that the metrics of segmentation share.</summary>
internal static class SegmentationChecks
{
    /// <summary>Throws unless these are scores [N, C, ...] or labels [N, ...], and labels [N, ...].</summary>
    internal static void CheckLabels(Tensor output, Tensor target, int classes)
    {
        CheckDevices(output, target);
        if (target.dim() < 1 || !IsLabels(target))
            throw new ArgumentException($"Expected labels [N, ...] of an integral dtype; {Shown(target)} came.", nameof(target));
        if (output.is_floating_point())
        {
            if (output.dim() != target.dim() + 1 || output.shape[1] != classes || !Pixels(output, 2).SequenceEqual(Pixels(target, 1)) || output.shape[0] != target.shape[0])
                throw new ArgumentException($"Expected scores [N, {classes}, ...] for labels {target.ShapeText()}; {Shown(output)} came.", nameof(output));
        }
        else if (!IsLabels(output) || !output.shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException($"Expected scores [N, {classes}, ...], or labels {target.ShapeText()} of an integral dtype; {Shown(output)} came.", nameof(output));
        }
    }

    /// <summary>Throws unless both are [N, C, ...].</summary>
    internal static void CheckMasks(Tensor output, Tensor target, int classes)
    {
        CheckDevices(output, target);
        if (output.dim() < 2 || output.shape[1] != classes)
            throw new ArgumentException($"Expected scores or masks [N, {classes}, ...]; {Shown(output)} came.", nameof(output));
        if (!target.shape.SequenceEqual(output.shape))
            throw new ArgumentException($"Expected masks {output.ShapeText()}; {Shown(target)} came.", nameof(target));
    }

    /// <summary>What is of the masks in output and target, and what counts, all [N, C, ...] Bool; to be called inside a dispose scope.</summary>
    internal static (Tensor Predicted, Tensor Truth, Tensor? Counted) Masks(Tensor output, Tensor target, SegmentationOptions options)
    {
        var counted = options.IgnoreIndex is { } label && target.dtype != ScalarType.Bool ? target.ne(label) : null;
        var truth = target.dtype == ScalarType.Bool ? target.alias() : target.gt(SegmentationOptions.DefaultThreshold);
        var predicted = output.is_floating_point() ? output.gt(options.Threshold) : output.dtype == ScalarType.Bool ? output.alias() : output.ne(0);
        return counted is null ? (predicted, truth, null) : (predicted & counted, truth & counted, counted);
    }

    private static string Shown(Tensor tensor) => $"{tensor.ShapeText()} of {tensor.dtype}";

    private static ReadOnlySpan<long> Pixels(Tensor tensor, int from) => tensor.shape.AsSpan(from);

    private static bool IsLabels(Tensor tensor) =>
        tensor.dtype is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

    private static void CheckDevices(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (!output.SharesDeviceWith(target))
            throw new ArgumentException($"The output is on {output.device}; the target is on {target.device}.", nameof(target));
    }
}
