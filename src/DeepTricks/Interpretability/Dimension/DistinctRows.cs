using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The rows of a matrix without those that came before.</summary>
internal static class DistinctRows
{
    internal static unsafe Tensor Of(Tensor rows)
    {
        using var scope = NewDisposeScope();
        // Adding 0 makes −0 to 0, which is equal to it and other bytes.
        var here = rows.cpu() + 0;
        var address = (byte*)TensorMemory.Address(here);
        var width = checked((int)(here.shape[1] * here.ElementSize));
        var seen = new Dictionary<int, List<int>>();
        var distinct = new List<long>();
        for (var row = 0; row < here.shape[0]; row++)
        {
            var bytes = Row(row);
            var hash = new HashCode();
            hash.AddBytes(bytes);
            ref var same = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, hash.ToHashCode(), out _);
            same ??= [];
            if (Contains(same, bytes)) continue;
            same.Add(row);
            distinct.Add(row);
        }

        return rows.index_select(0, tensor(distinct.ToArray(), device: rows.device)).MoveToOuterDisposeScope();

        ReadOnlySpan<byte> Row(int row) => new(address + ((long)row * width), width);

        bool Contains(List<int> others, ReadOnlySpan<byte> bytes)
        {
            foreach (var other in others)
            {
                if (Row(other).SequenceEqual(bytes)) return true;
            }

            return false;
        }
    }
}
