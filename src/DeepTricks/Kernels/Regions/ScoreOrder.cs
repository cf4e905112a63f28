using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>Sorts scores as libtorch does.</summary>
internal static class ScoreOrder
{
    private const ulong Sign = 1UL << 63;

    /// <summary>Their numbers from the highest score down; of equal ones the first comes first, and NaN comes before all.</summary>
    public static int[] Descending<T>(ReadOnlySpan<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (keys, order) = (new ulong[scores.Length], new int[scores.Length]);
        for (var i = 0; i < order.Length; i++)
        {
            // Bits that ascend as the numbers do, turned about. Zero of either sign is one number.
            var score = double.CreateTruncating(scores[i]);
            var bits = BitConverter.DoubleToUInt64Bits(score == 0 ? 0 : score);
            keys[i] = double.IsNaN(score) ? 0 : ~((bits & Sign) == 0 ? bits | Sign : ~bits);
            order[i] = i;
        }

        Array.Sort(keys, order);
        for (int first = 0, i = 1; i <= order.Length; i++)
        {
            if (i == order.Length || keys[i] != keys[first])
            {
                order.AsSpan(first, i - first).Sort();
                first = i;
            }
        }

        return order;
    }
}
