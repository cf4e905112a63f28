using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>
/// For each of many points the others with the lowest bounds on their squared distance, gathered from tiles of inner products. A bound is
/// |x|² + |y|² − 2 x·y − slack |x| |y| − rounding |x·y|, where the slack covers what the product lost before it was rounded, so that no distance is below its bound.
/// </summary>
internal sealed unsafe class NearestCandidates
{
    private readonly float[] _squares;
    private readonly float[] _norms;
    private readonly float[] _bounds;
    private readonly int[] _indices;

    /// <summary>The highest bound in each list: what is not in it has this bound or a higher one.</summary>
    private readonly float[] _thresholds;
    private readonly float _slack, _rounding;

    /// <param name="squares">|x|² of each point, rounded down by what the sum of the bound may lose.</param>
    /// <param name="norms">|x|.</param>
    /// <param name="slack">The relative error of the inner products, doubled.</param>
    /// <param name="rounding">That of writing a product, doubled.</param>
    /// <param name="length">The length of the lists, less than there are points.</param>
    internal NearestCandidates(float[] squares, float[] norms, float slack, float rounding, int length)
    {
        (_squares, _norms, _slack, _rounding, Length) = (squares, norms, slack, rounding, length);
        _bounds = new float[(long)squares.Length * length];
        _indices = new int[_bounds.Length];
        _thresholds = new float[squares.Length];
        Array.Fill(_bounds, float.PositiveInfinity);
        Array.Fill(_thresholds, float.PositiveInfinity);
    }

    /// <summary>The length of each list.</summary>
    internal int Length { get; }

    /// <summary>The bounds of a point's list, rising.</summary>
    internal ReadOnlySpan<float> Bounds(int point) => _bounds.AsSpan(point * Length, Length);

    /// <summary>The points of a point's list.</summary>
    internal ReadOnlySpan<int> Indices(int point) => _indices.AsSpan(point * Length, Length);

    /// <summary>Takes a tile of inner products into the lists of its rows and, off the diagonal, into those of its columns.</summary>
    /// <param name="products">Float32 or BFloat16, contiguous, on the CPU; on the diagonal a whole symmetric block.</param>
    /// <param name="firstRow">The point of its first row.</param>
    /// <param name="firstColumn">The point of its first column.</param>
    internal void Add(Tensor products, int firstRow, int firstColumn)
    {
        if (products.dtype == ScalarType.BFloat16) Add<Brain>((Brain*)products.Address<ushort>(), products, firstRow, firstColumn);
        else Add<Single>((Single*)products.Address<float>(), products, firstRow, firstColumn);
    }

    private void Add<T>(T* products, Tensor tile, int firstRow, int firstColumn)
        where T : unmanaged, IProduct<T>
    {
        var (rows, columns) = ((int)tile.shape[0], (int)tile.shape[1]);
        RowParallel.For(rows, columns, (from, to) =>
        {
            for (var row = (int)from; row < to; row++)
                Scan(products + ((long)row * columns), firstRow + row, firstColumn, 0, columns, ofColumns: false);
        });
        if (firstRow == firstColumn) return;
        RowParallel.For(columns, rows, (from, to) =>
        {
            for (var row = 0; row < rows; row++)
                Scan(products + ((long)row * columns), firstRow + row, firstColumn, (int)from, (int)to, ofColumns: true);
        });
    }

    private void Scan<T>(T* products, int point, int firstColumn, int from, int to, bool ofColumns)
        where T : unmanaged, IProduct<T>
    {
        var width = Vector256<float>.Count;
        var (square, share) = (_squares[point], -_slack * _norms[point]);
        fixed (float* squares = &_squares[firstColumn], norms = &_norms[firstColumn], thresholds = &_thresholds[firstColumn])
        {
            var column = from;
            for (; column <= to - width; column += width)
            {
                var product = T.Load(products + column);
                var bounds = Vector256.FusedMultiplyAdd(Vector256.Create(-2f), product, Vector256.Load(squares + column));
                bounds = Vector256.FusedMultiplyAdd(Vector256.Create(-_rounding), Vector256.Abs(product), bounds);
                bounds = Vector256.FusedMultiplyAdd(Vector256.Create(share), Vector256.Load(norms + column), bounds) + Vector256.Create(square);
                var limits = ofColumns ? Vector256.Load(thresholds + column) : Vector256.Create(_thresholds[point]);
                for (var hits = Vector256.LessThan(bounds, limits).ExtractMostSignificantBits(); hits != 0; hits &= hits - 1)
                {
                    var at = System.Numerics.BitOperations.TrailingZeroCount(hits);
                    Insert(bounds[at], firstColumn + column + at);
                }
            }

            for (; column < to; column++)
            {
                var product = T.One(products + column);
                Insert((-2f * product) - (_rounding * Math.Abs(product)) + squares[column] + (share * norms[column]) + square, firstColumn + column);
            }
        }

        void Insert(float bound, int other)
        {
            if (other == point) return;
            if (ofColumns) this.Insert(other, bound, point);
            else this.Insert(point, bound, other);
        }
    }

    private void Insert(int point, float bound, int other)
    {
        if (!(bound < _thresholds[point])) return;
        var bounds = _bounds.AsSpan(point * Length, Length);
        var indices = _indices.AsSpan(point * Length, Length);
        var at = Length - 1;
        for (; at > 0 && bounds[at - 1] > bound; at--)
            (bounds[at], indices[at]) = (bounds[at - 1], indices[at - 1]);
        (bounds[at], indices[at]) = (bound, other);
        _thresholds[point] = bounds[Length - 1];
    }

    private interface IProduct<T>
        where T : unmanaged
    {
        static abstract Vector256<float> Load(T* from);

        static abstract float One(T* from);
    }

    private readonly record struct Single(float Value) : IProduct<Single>
    {
        public static Vector256<float> Load(Single* from) => Vector256.Load((float*)from);

        public static float One(Single* from) => from->Value;
    }

    private readonly record struct Brain(ushort Bits) : IProduct<Brain>
    {
        // The upper half of a single.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(Brain* from) =>
            (Vector256.WidenLower(Vector128.Load((ushort*)from).ToVector256Unsafe()) << 16).AsSingle();

        public static float One(Brain* from) => BitConverter.UInt32BitsToSingle((uint)from->Bits << 16);
    }
}
