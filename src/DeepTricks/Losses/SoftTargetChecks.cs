using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>The arguments of a loss over logits and labels, checked before libtorch sees them.</summary>
internal static class SoftTargetChecks
{
    public static void Check(SoftTargetLoss loss, Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.dim() < 2)
        {
            throw new ArgumentException($"Expected logits of shape [N, K] or [N, K, d1, ...]; the shape is {logits.ShapeText()}.", nameof(logits));
        }

        if (!logits.is_floating_point())
        {
            throw new ArgumentException($"Expected logits of a floating type; the type is {logits.dtype}.", nameof(logits));
        }

        if (loss.Labels is { } labels)
        {
            CheckLabels(labels, logits);
        }

        if (loss.Weight is { } weight)
        {
            CheckWeight(weight, logits);
        }

        if (loss.Targets is { } targets && targets.Classes != logits.shape[1])
        {
            throw new ArgumentException($"The targets are for {targets.Classes} classes; the logits have {logits.shape[1]}.", nameof(logits));
        }
    }

    /// <summary>The logits' shape without the dimension of the classes.</summary>
    public static long[] LabelShape(Tensor logits) => [logits.shape[0], .. logits.shape[2..]];

    /// <summary>Makes sure that labels on the CPU are classes; on another device that would mean to wait for it.</summary>
    public static void CheckRange(Tensor labels, long classes, long? ignored = null)
    {
        if (!labels.is_cpu() || labels.numel() == 0)
        {
            return;
        }

        using var contiguous = labels.contiguous();
        foreach (var label in MemoryMarshal.Cast<byte, long>(contiguous.bytes))
        {
            if (label != ignored && (ulong)label >= (ulong)classes)
            {
                throw NoClass(label, classes, ignored);
            }
        }
    }

    /// <summary>What is thrown for a label that is no class.</summary>
    public static ArgumentException NoClass(long label, long classes, long? ignored) =>
        new($"Label {label} is not one of {classes} classes{(ignored is null ? "" : $", nor the ignored index {ignored}")}.", "labels");

    private static void CheckLabels(Tensor labels, Tensor logits)
    {
        if (labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"Expected labels of type Int64; the type is {labels.dtype}.", nameof(labels));
        }

        if (!labels.shape.SequenceEqual(LabelShape(logits)))
        {
            throw new ArgumentException($"Expected labels of shape {LabelShape(logits).ShapeText()} for logits of shape {logits.ShapeText()}; the shape is {labels.ShapeText()}.", nameof(labels));
        }

        CheckDevice(labels, logits, nameof(labels));
    }

    private static void CheckWeight(Tensor weight, Tensor logits)
    {
        if (weight.dim() != 1 || weight.shape[0] != logits.shape[1])
        {
            throw new ArgumentException($"Expected one weight for each of {logits.shape[1]} classes; the shape is {weight.ShapeText()}.", nameof(weight));
        }

        CheckDevice(weight, logits, nameof(weight));
    }

    private static void CheckDevice(Tensor tensor, Tensor logits, string parameter)
    {
        if (!tensor.SharesDeviceWith(logits))
        {
            throw new ArgumentException($"Expected a tensor on {logits.device}, where the logits are; it is on {tensor.device}.", parameter);
        }
    }
}
