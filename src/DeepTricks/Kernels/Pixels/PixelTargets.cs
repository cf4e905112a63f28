using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>Where the targets of a kernel over pixels are: labels with −1 for what is ignored, or masks with a value for it.</summary>
/// <param name="Labels">[N, P]; null where there are masks.</param>
/// <param name="Ignored">The value of a mask that counts for nothing.</param>
/// <param name="Counted">How many labels are not ignored; 0 for masks.</param>
internal sealed record PixelTargets(int[]? Labels, float Ignored, long Counted)
{
    /// <summary>Reads labels [N, P], int64 on the CPU; <paramref name="refuse"/> makes the exception for one that is no class.</summary>
    public static PixelTargets Read(Tensor labels, long classes, long ignored, Func<long, Exception> refuse)
    {
        using var contiguous = labels.contiguous();
        var values = MemoryMarshal.Cast<byte, long>(contiguous.bytes);
        var read = new int[values.Length];
        long counted = 0;
        for (var i = 0; i < read.Length; i++)
        {
            var label = values[i];
            if (label == ignored)
            {
                read[i] = -1;
                continue;
            }

            if ((ulong)label >= (ulong)classes)
            {
                throw refuse(label);
            }

            read[i] = (int)label;
            counted++;
        }

        return new(read, ignored, counted);
    }
}
