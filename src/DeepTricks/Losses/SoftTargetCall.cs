using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>One loss on its way through <see cref="SoftTargetFunction"/>: the request, and what the kernel reads of it.</summary>
internal sealed record SoftTargetCall(SoftTargetLoss Loss, SoftTargetRows Kernel, long[]? Labels, float[]? Weights, double Items)
{
    public static SoftTargetCall For(SoftTargetLoss loss, int classes)
    {
        var weights = loss.Weight is { } given ? Values<float>(given, ScalarType.Float32) : null;
        var labels = loss.Labels is { } tensor ? Values<long>(tensor, ScalarType.Int64) : null;
        var targets = labels is null || loss.EntropyOnly ? null : loss.Targets?.ForKernel(weights) ?? SoftTargets.Uniform((float)loss.Smoothing, weights ?? Ones(classes));
        var kernel = new SoftTargetRows(targets, (float)loss.Beta, (float)loss.Threshold, loss.IgnoreIndex);
        return new(loss, kernel, labels, weights, Count(labels, weights, classes, loss.IgnoreIndex));
    }

    /// <summary>The loss over labels and weights as they were read: the caller's tensors may have gone since then.</summary>
    public SoftTargetLoss Kept() => Loss with
    {
        Labels = Labels is null ? null : tensor(Labels),
        Weight = Weights is null ? null : tensor(Weights),
    };

    /// <summary>What a mean divides by, after making sure that every label is a class; NaN stands for "as many as there are rows".</summary>
    private static double Count(long[]? labels, float[]? weights, int classes, long ignored)
    {
        if (labels is null)
        {
            return double.NaN;
        }

        double items = 0;
        foreach (var label in labels)
        {
            if (label == ignored)
            {
                continue;
            }

            if ((ulong)label >= (ulong)classes)
            {
                throw SoftTargetChecks.NoClass(label, classes, ignored);
            }

            items += weights?[label] ?? 1;
        }

        return items;
    }

    private static T[] Values<T>(Tensor tensor, ScalarType dtype)
        where T : unmanaged
    {
        using var host = tensor.to(dtype, CPU);
        using var contiguous = host.contiguous();
        return MemoryMarshal.Cast<byte, T>(contiguous.bytes).ToArray();
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
