using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>
/// The errors of the pixels of one class, of which the Lovász extension of the Jaccard loss is computed: Σ e_(i) Δ_i over the errors in falling order,
/// where Δ_i is what the i-th pixel, if wrong, takes from the Jaccard index after those before it (Berman, Triki and Blaschko, 2018, algorithm 1).
/// </summary>
internal sealed unsafe class JaccardErrors : IDisposable
{
    private const uint Positive = 1u << 31;
    private const uint Rises = 1u << 30;
    private const int KeyShift = 32;
    private readonly ulong* _items;
    private readonly ulong* _scratch;

    /// <param name="capacity">The most pixels there can be.</param>
    public JaccardErrors(long capacity)
    {
        _items = (ulong*)NativeMemory.Alloc((nuint)(2 * capacity), sizeof(ulong));
        _scratch = _items + capacity;
    }

    public int Count { get; private set; }

    /// <summary>The pixels of the class, those that are not in the list included.</summary>
    public long Positives { get; private set; }

    public void Clear() => (Count, Positives) = (0, 0);

    /// <summary>Counts pixels of the class that have no error.</summary>
    public void Skip(long positives) => Positives += positives;

    /// <summary>Adds a pixel.</summary>
    /// <param name="error">Not negative; NaN comes first.</param>
    /// <param name="index">Where its slope belongs, below 2^30.</param>
    /// <param name="positive">Whether it is of the class.</param>
    /// <param name="rises">Whether the error rises with the score.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float error, int index, bool positive, bool rises)
    {
        _items[Count++] = ((ulong)BitConverter.SingleToUInt32Bits(error) << KeyShift) | (uint)index | (positive ? Positive : 0) | (rises ? Rises : 0);
        Positives += positive ? 1 : 0;
    }

    /// <summary>The sum; writes the slope of each pixel in the list where slopes are wanted.</summary>
    public double Sum(float* slopes)
    {
        var sorted = RadixSort.Descending(_items, _scratch, Count);
        double loss = 0, remaining = Positives, union = Positives, perUnion = 1 / union;
        for (var i = 0; i < Count; i++)
        {
            var payload = (uint)sorted[i];
            double change;
            if ((payload & Positive) != 0)
            {
                change = perUnion;
                remaining--;
            }
            else
            {
                // Without a pixel of the class the first wrong one takes all.
                var before = perUnion;
                perUnion = 1 / ++union;
                change = double.IsInfinity(before) ? 1 : remaining * before * perUnion;
            }

            var error = BitConverter.UInt32BitsToSingle((uint)(sorted[i] >> KeyShift));
            loss += error * change;
            if (slopes != null)
            {
                slopes[payload & ~(Positive | Rises)] = (float)(error == 0 ? 0 : (payload & Rises) != 0 ? change : -change);
            }
        }

        return loss;
    }

    public void Dispose() => NativeMemory.Free(_items);
}
