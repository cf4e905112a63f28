using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>
/// Structural similarity of two planes in one pass from top to bottom: each row goes through the window along the row, the last rows through the
/// window across them, and the slopes the same way back. So only as many rows as the window has are in memory beside the planes.
/// </summary>
internal sealed unsafe class SsimLevel : IDisposable
{
    /// <summary>Values that may be read, and not used, behind a plane.</summary>
    public static readonly int Slack = 2 * Vector<float>.Count;

    private const int Maps = 4;
    private const int Slopes = 3;
    private const nuint Alignment = 64;

    private static readonly int Lanes = Vector<float>.Count;

    private readonly Vector<float>[] _window;
    private readonly int _size;
    private readonly int _width;
    private readonly int _height;
    private readonly int _stride;
    private readonly float* _memory;

    // Rows of x² + y² and of xy; the last rows of each map after the window along the row; the last rows of each slope; slopes after the window across rows.
    private readonly float* _squares;
    private readonly float* _products;
    private readonly float* _rows;
    private readonly float* _slopes;
    private readonly float* _column;

    public SsimLevel(int height, int width, ReadOnlySpan<float> window)
    {
        (_height, _width, _size) = (height, width, window.Length);
        _window = new Vector<float>[_size];
        for (var i = 0; i < _size; i++)
        {
            _window[i] = new(window[i]);
        }

        _stride = (width + (2 * _size) + (3 * Lanes)) / Lanes * Lanes;
        var rows = 2 + (Maps * _size) + (Slopes * _size) + Slopes;
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(rows * _stride) * sizeof(float), Alignment);
        new Span<float>(_memory, rows * _stride).Clear();
        _squares = _memory;
        _products = _squares + _stride;
        _rows = _products + _stride;
        _slopes = _rows + (Maps * _size * _stride);
        _column = _slopes + (Slopes * _size * _stride);
    }

    private int OutputWidth => _width - _size + 1;

    private int OutputHeight => _height - _size + 1;

    /// <summary>The mean similarity of the whole windows.</summary>
    /// <param name="x">The first plane, with <see cref="Slack"/>.</param>
    /// <param name="y">The second plane, with <see cref="Slack"/>.</param>
    /// <param name="c1">Against division by 0 in the luminance.</param>
    /// <param name="c2">Against division by 0 in contrast and structure.</param>
    /// <param name="luminance">Whether it is SSIM rather than its contrast-structure part.</param>
    /// <param name="gradient">Receives the gradient of the mean by x; null where none is wanted.</param>
    public double Mean(float* x, float* y, float c1, float c2, bool luminance, float* gradient)
    {
        double sum = 0;
        for (var row = 0; row < _height; row++)
        {
            AlongRow(x + (row * _width), y + (row * _width), row % _size);
            var output = row - _size + 1;
            if (output < 0)
            {
                continue;
            }

            sum += AcrossRows(output, new(c1), new(c2), luminance, gradient != null);
            if (gradient != null)
            {
                Back(x, y, output, gradient);
            }
        }

        for (var row = OutputHeight; gradient != null && row < _height; row++)
        {
            Back(x, y, row, gradient);
        }

        return sum / ((double)OutputHeight * OutputWidth);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private float* Row(int map, int row) => _rows + (((map * _size) + row) * _stride);

    private float* Slope(int slope, int row) => _slopes + (((slope * _size) + row) * _stride);

    private void AlongRow(float* x, float* y, int row)
    {
        for (var i = 0; i < _width; i += Lanes)
        {
            var (a, b) = (*(Vector<float>*)(x + i), *(Vector<float>*)(y + i));
            *(Vector<float>*)(_squares + i) = (a * a) + (b * b);
            *(Vector<float>*)(_products + i) = a * b;
        }

        float* toX = Row(0, row), toY = Row(1, row), toSquares = Row(2, row), toProducts = Row(3, row);
        for (var i = 0; i < OutputWidth; i += Lanes)
        {
            Vector<float> sumX = Vector<float>.Zero, sumY = sumX, sumSquares = sumX, sumProducts = sumX;
            for (var t = 0; t < _window.Length; t++)
            {
                var weight = _window[t];
                sumX = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(x + i + t), sumX);
                sumY = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(y + i + t), sumY);
                sumSquares = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(_squares + i + t), sumSquares);
                sumProducts = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(_products + i + t), sumProducts);
            }

            *(Vector<float>*)(toX + i) = sumX;
            *(Vector<float>*)(toY + i) = sumY;
            *(Vector<float>*)(toSquares + i) = sumSquares;
            *(Vector<float>*)(toProducts + i) = sumProducts;
        }
    }

    /// <summary>The sum of the similarities of a row of windows, whose slopes are kept behind size − 1 zeros.</summary>
    private double AcrossRows(int output, Vector<float> c1, Vector<float> c2, bool luminance, bool keep)
    {
        var rows = stackalloc int[_size];
        for (var t = 0; t < _size; t++)
        {
            rows[t] = (output + t) % _size * _stride;
        }

        var mapStride = _size * _stride;
        float* byMean = Slope(0, output % _size) + _size - 1, bySquares = Slope(1, output % _size) + _size - 1, byProduct = Slope(2, output % _size) + _size - 1;
        var total = Vector<float>.Zero;
        for (var i = 0; i < OutputWidth; i += Lanes)
        {
            Vector<float> x = Vector<float>.Zero, y = x, squares = x, products = x;
            for (var t = 0; t < _window.Length; t++)
            {
                var weight = _window[t];
                var from = _rows + rows[t] + i;
                x = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)from, x);
                y = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(from + mapStride), y);
                squares = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(from + (2 * mapStride)), squares);
                products = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(from + (3 * mapStride)), products);
            }

            var moments = new SsimMoments(x, y, squares, products, c1, c2, luminance);
            if (i + Lanes <= OutputWidth)
            {
                total += moments.Value;
                if (keep)
                {
                    *(Vector<float>*)(byMean + i) = moments.ByMean;
                    *(Vector<float>*)(bySquares + i) = moments.BySquares;
                    *(Vector<float>*)(byProduct + i) = moments.ByProduct;
                }

                continue;
            }

            // Behind the last window there are only zeros.
            var inside = Vector.LessThan(Vector<int>.Indices, new Vector<int>(OutputWidth - i));
            total += Vector.ConditionalSelect(inside, moments.Value, Vector<float>.Zero);
            if (keep)
            {
                *(Vector<float>*)(byMean + i) = Vector.ConditionalSelect(inside, moments.ByMean, Vector<float>.Zero);
                *(Vector<float>*)(bySquares + i) = Vector.ConditionalSelect(inside, moments.BySquares, Vector<float>.Zero);
                *(Vector<float>*)(byProduct + i) = Vector.ConditionalSelect(inside, moments.ByProduct, Vector<float>.Zero);
            }
        }

        return Vector.Sum(total);
    }

    /// <summary>The gradient of a row of x: the slopes of all windows that hold it, weighted as it was.</summary>
    private void Back(float* x, float* y, int row, float* gradient)
    {
        var mapStride = _size * _stride;
        var margin = _size - 1;
        var (first, last) = (Math.Max(0, row - OutputHeight + 1), Math.Min(margin, row));
        for (var i = margin; i < margin + OutputWidth; i += Lanes)
        {
            Vector<float> byMean = Vector<float>.Zero, bySquares = byMean, byProduct = byMean;
            for (var t = first; t <= last; t++)
            {
                var weight = _window[t];
                var from = _slopes + ((row - t) % _size * _stride) + i;
                byMean = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)from, byMean);
                bySquares = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(from + mapStride), bySquares);
                byProduct = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(from + (2 * mapStride)), byProduct);
            }

            *(Vector<float>*)(_column + i) = byMean;
            *(Vector<float>*)(_column + _stride + i) = bySquares;
            *(Vector<float>*)(_column + (2 * _stride) + i) = byProduct;
        }

        var scale = new Vector<float>(1f / OutputHeight / OutputWidth);
        float* valuesX = x + (row * _width), valuesY = y + (row * _width), to = gradient + (row * _width);
        for (var i = 0; i < _width; i += Lanes)
        {
            Vector<float> byMean = Vector<float>.Zero, bySquares = byMean, byProduct = byMean;
            for (var t = 0; t < _window.Length; t++)
            {
                var weight = _window[t];
                var from = _column + margin + i - t;
                byMean = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)from, byMean);
                bySquares = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(from + _stride), bySquares);
                byProduct = Vector.FusedMultiplyAdd(weight, *(Vector<float>*)(from + (2 * _stride)), byProduct);
            }

            var (a, b) = (*(Vector<float>*)(valuesX + i), *(Vector<float>*)(valuesY + i));
            var slope = (byMean + ((a + a) * bySquares) + (b * byProduct)) * scale;
            if (i + Lanes <= _width)
            {
                *(Vector<float>*)(to + i) = slope;
                continue;
            }

            for (var lane = 0; i + lane < _width; lane++)
            {
                to[i + lane] = slope[lane];
            }
        }
    }
}
