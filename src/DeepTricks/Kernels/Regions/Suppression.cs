using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>
/// Non-maximum suppression on the CPU: a vector of boxes at a time against the best of a block that are still there. The quotient is computed only where a
/// cheaper test says that it may be above the threshold, so that every decision is that of the division.
/// </summary>
internal sealed class Suppression<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Boxes of a block: enough that the others are loaded rarely, few enough to stay in the first cache.</summary>
    private const int Block = 128;

    /// <summary>Below the threshold by more than rounding can account for.</summary>
    private const double Margin = 1e-5;

    private static readonly int Count = Vector<T>.Count;

    private readonly T[] _left, _top, _right, _bottom, _area, _dropped;
    private readonly int _boxes;
    private readonly Vector<T> _threshold, _lower;
    private readonly bool _isNegative;

    /// <summary>Boxes in the order in which they are looked at.</summary>
    /// <param name="boxes">(x1, y1, x2, y2) for each.</param>
    /// <param name="order">Which come, the best first.</param>
    /// <param name="threshold">A quotient of more than this suppresses; it is compared in double precision, whatever the boxes' type.</param>
    public Suppression(ReadOnlySpan<T> boxes, ReadOnlySpan<int> order, double threshold)
    {
        _boxes = order.Length;
        var room = (_boxes + Count - 1) / Count * Count;
        (_left, _top, _right, _bottom) = (new T[room], new T[room], new T[room], new T[room]);
        (_area, _dropped) = (new T[room], new T[room]);
        for (var i = 0; i < order.Length; i++)
        {
            var box = boxes.Slice(4 * order[i], 4);
            (_left[i], _top[i], _right[i], _bottom[i]) = (box[0], box[1], box[2], box[3]);
            _area[i] = (box[2] - box[0]) * (box[3] - box[1]);
        }

        // A number of the boxes' type is above the threshold where it is above the largest of its type that is not.
        var bound = T.CreateTruncating(threshold);
        bound = double.CreateTruncating(bound) > threshold ? T.BitDecrement(bound) : bound;
        _threshold = new(bound);
        _lower = new(bound - (T.Abs(bound) * T.CreateTruncating(Margin)));
        _isNegative = threshold < 0;
    }

    /// <summary>The places, in the order given, of the boxes that stay.</summary>
    public List<int> Keep()
    {
        var kept = new List<int>();
        var block = new List<int>(Block);
        for (var first = 0; first < _boxes; first += Block)
        {
            var end = Math.Min(first + Block, _boxes);
            block.Clear();
            for (var i = first; i < end; i++)
            {
                if (_dropped[i] == T.Zero)
                {
                    block.Add(i);

                    // Boxes before it, and itself, are dropped in vain: they have been looked at.
                    Drop([i], i / Count, (end + Count - 1) / Count);
                }
            }

            kept.AddRange(block);
            var best = block.ToArray();
            var from = end / Count;
            RowParallel.For(((_boxes + Count - 1) / Count) - from, best.Length * Count, (start, stop) => Drop(best, from + (int)start, from + (int)stop));
        }

        return kept;
    }

    /// <summary>Drops what overlaps some boxes too much, of some vectors of boxes.</summary>
    private void Drop(ReadOnlySpan<int> best, int from, int to)
    {
        for (var vector = from; vector < to; vector++)
        {
            var at = vector * Count;
            var dropped = new Vector<T>(_dropped, at);
            var (left, top) = (new Vector<T>(_left, at), new Vector<T>(_top, at));
            var (right, bottom) = (new Vector<T>(_right, at), new Vector<T>(_bottom, at));
            var area = new Vector<T>(_area, at);
            foreach (var i in best)
            {
                var width = Vector.MinNative(right, new Vector<T>(_right[i])) - Vector.MaxNative(left, new Vector<T>(_left[i]));
                var height = Vector.MinNative(bottom, new Vector<T>(_bottom[i])) - Vector.MaxNative(top, new Vector<T>(_top[i]));
                var intersection = Vector.MaxNative(width, Vector<T>.Zero) * Vector.MaxNative(height, Vector<T>.Zero);
                var union = new Vector<T>(_area[i]) + area - intersection;
                if (_isNegative || Vector.GreaterThanAny(intersection, union * _lower))
                {
                    dropped |= IsAbove(intersection / union);
                }
            }

            dropped.CopyTo(_dropped, at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<T> IsAbove(Vector<T> quotient) => Vector.ConditionalSelect(Vector.GreaterThan(quotient, _threshold), Vector<T>.One, Vector<T>.Zero);
}
