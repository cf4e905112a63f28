using System.Numerics;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>
/// The exact Euclidean distance of each element to the nearest one that is false, one axis after the other: counts along the first axis, then
/// the lower envelope of parabolas along each further one (Felzenszwalb and Huttenlocher, 2012; the test that drops a parabola is that of
/// Maurer, Qi and Raghavan, 2003, without a division), so the time is linear in the elements. Distances on a unit grid are exact.
/// Equal to <c>scipy.ndimage.distance_transform_edt</c>, but for an image without a false element, where it is infinite everywhere.
/// </summary>
internal static unsafe class DistanceTransform
{
    private const int ColumnsAtOnce = 64;

    /// <summary>The distances of each image of a batch, in the dtype asked for.</summary>
    /// <param name="mask">[..., H, W], or [..., D, H, W] for three dimensions; Bool.</param>
    /// <param name="dimensions">How many of the last dimensions are of one image: 1 to 3 or more.</param>
    /// <param name="spacing">The size of an element along each of these dimensions; 1 where null.</param>
    /// <param name="dtype">Of the result; the squares are computed in float64.</param>
    internal static Tensor Distances(Tensor mask, int dimensions, ReadOnlySpan<double> spacing = default, ScalarType dtype = ScalarType.Float32)
    {
        var squared = Squared(mask, dimensions, spacing);
        if (!squared.FitsSpan() || dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            using var roots = squared.sqrt_();
            return roots.to(dtype, copy: true);
        }

        if (dtype == ScalarType.Float64)
        {
            Roots(squared.Address<double>(), squared.Address<double>(), squared.numel());
            return squared;
        }

        using (squared)
        {
            var distances = empty(squared.shape, dtype);
            Roots(squared.Address<double>(), distances.Address<float>(), squared.numel());
            return distances;
        }
    }

    /// <summary>The squares of <see cref="Distances"/>, float64, on the mask's device.</summary>
    internal static Tensor Squared(Tensor mask, int dimensions, ReadOnlySpan<double> spacing = default)
    {
        if (mask.dtype != ScalarType.Bool)
            throw new ArgumentException($"Expected a mask of dtype Bool; the dtype is {mask.dtype}.", nameof(mask));
        if (dimensions < 1 || mask.dim() < dimensions)
            throw new ArgumentException($"Expected a mask of {Math.Max(1, dimensions)} dimensions or more; the shape is {mask.ShapeText()}.", nameof(mask));
        if (!spacing.IsEmpty && spacing.Length != dimensions)
            throw new ArgumentException($"Expected {dimensions} spacings; {spacing.Length} came.", nameof(spacing));
        foreach (var step in spacing)
            if (!(step > 0 && double.IsFinite(step)))
                throw new ArgumentException($"Expected spacings above 0; one is {step}.", nameof(spacing));
        Span<double> steps = stackalloc double[dimensions];
        if (spacing.IsEmpty)
            steps.Fill(1);
        else
            spacing.CopyTo(steps);
        if (!mask.FitsSpan() || mask.numel() > int.MaxValue / sizeof(double))
            return InTensors(mask, steps);
        using var contiguous = mask.contiguous();
        var result = empty(mask.shape, ScalarType.Float64);
        if (result.numel() > 0)
            Squared(contiguous.Address<bool>(), mask.shape.AsSpan(^dimensions..), steps, result.Address<double>(), result.numel());
        return result;
    }

    /// <summary>The same by tensor operations, on any device: O(length of the axis) operations over the whole tensor for each axis.</summary>
    internal static Tensor InTensors(Tensor mask, ReadOnlySpan<double> spacing)
    {
        using var scope = NewDisposeScope();
        var squared = zeros_like(mask, ScalarType.Float64).masked_fill_(mask, double.PositiveInfinity);
        for (var i = 0; i < spacing.Length; i++)
        {
            var axis = mask.dim() - spacing.Length + i;
            var (length, before) = (mask.shape[axis], squared);
            squared = before.clone();
            for (var offset = 1L; offset < length; offset++)
            {
                using var inner = NewDisposeScope();
                var cost = offset * spacing[i] * (offset * spacing[i]);
                var (low, high) = (squared.narrow(axis, 0, length - offset), squared.narrow(axis, offset, length - offset));
                low.copy_(minimum(low, before.narrow(axis, offset, length - offset) + cost));
                high.copy_(minimum(high, before.narrow(axis, 0, length - offset) + cost));
            }
        }

        return squared.MoveToOuterDisposeScope();
    }

    /// <summary>The squared distances in images of one shape that stand one after the other.</summary>
    /// <param name="mask">So many elements, each 0 or 1.</param>
    /// <param name="shape">Of one image.</param>
    /// <param name="spacing">Along each dimension, or along the first ones alone, for the distances along these.</param>
    /// <param name="result">So many elements.</param>
    /// <param name="elements">Those of all images, 1 or more.</param>
    /// <param name="parallel">Whether to use several threads; not where the images are spread over threads already.</param>
    internal static void Squared(
        bool* mask, ReadOnlySpan<long> shape, ReadOnlySpan<double> spacing, double* result, long elements, bool parallel = true)
    {
        var inner = elements;
        var images = elements;
        foreach (var length in shape)
            images /= length;
        inner /= images;
        for (var axis = 0; axis < spacing.Length; axis++)
        {
            var length = (int)shape[axis];
            inner /= length;
            var (stride, step, count) = (inner, spacing[axis], elements / length);
            if (axis == 0)
                Count(mask, images, length, stride, step, result, parallel);
            else
                For(parallel, count, length, (from, to) => Envelopes(result, from, to, length, stride, step * step));
        }
    }

    /// <summary>
    /// The squared distances of some elements of an image alone: along the last axis, each looks no farther than what it has found. Where they are
    /// many, that would take longer than all elements do.
    /// </summary>
    /// <param name="mask">The image's elements, each 0 or 1.</param>
    /// <param name="shape">Its two dimensions or more.</param>
    /// <param name="spacing">Along each dimension.</param>
    /// <param name="places">The places of the elements.</param>
    /// <param name="work">As many numbers as the image has elements; overwritten.</param>
    /// <param name="result">As many numbers as places.</param>
    /// <param name="parallel">Whether to use several threads.</param>
    internal static void SquaredAt(
        bool* mask, ReadOnlySpan<long> shape, ReadOnlySpan<double> spacing, ReadOnlySpan<int> places, double[] work, Span<double> result, bool parallel)
    {
        const int Few = 16;
        var all = places.Length > work.Length / Few;
        fixed (double* values = work)
        {
            Squared(mask, shape, all ? spacing : spacing[..^1], values, work.Length, parallel);
            var (width, square) = ((int)shape[^1], spacing[^1] * spacing[^1]);
            for (var i = 0; i < places.Length; i++)
                result[i] = all ? values[places[i]] : Nearest(values + (places[i] / width * width), width, places[i] % width, square);
        }
    }

    private static double Nearest(double* row, int width, int x, double square)
    {
        var best = row[x];
        for (var distance = 1; distance < width; distance++)
        {
            var cost = (double)distance * distance * square;
            if (cost >= best)
                break;
            if (x >= distance)
                best = Math.Min(best, row[x - distance] + cost);
            if (x + distance < width)
                best = Math.Min(best, row[x + distance] + cost);
        }

        return best;
    }

    private static void Roots(double* squares, double* roots, long count) =>
        RowParallel.For(count, 1, (from, to) =>
        {
            var i = from;
            for (; i <= to - Vector<double>.Count; i += Vector<double>.Count)
                Vector.SquareRoot(Vector.Load(squares + i)).Store(roots + i);
            for (; i < to; i++)
                roots[i] = Math.Sqrt(squares[i]);
        });

    private static void Roots(double* squares, float* roots, long count) =>
        RowParallel.For(count, 1, (from, to) =>
        {
            var i = from;
            for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
                Vector.Narrow(Vector.SquareRoot(Vector.Load(squares + i)), Vector.SquareRoot(Vector.Load(squares + i + Vector<double>.Count))).Store(roots + i);
            for (; i < to; i++)
                roots[i] = (float)Math.Sqrt(squares[i]);
        });

    private static void For(bool parallel, long rows, long elementsPerRow, Action<long, long> body)
    {
        if (parallel)
            RowParallel.For(rows, elementsPerRow, body);
        else
            body(0, rows);
    }

    /// <summary>The squared distance along the first axis, over many columns at once.</summary>
    private static void Count(bool* mask, long images, int length, long columns, double step, double* result, bool parallel)
    {
        var blocks = (columns + ColumnsAtOnce - 1) / ColumnsAtOnce;
        For(parallel, images * blocks, length * Math.Min(columns, ColumnsAtOnce), (from, to) =>
        {
            var counts = new float[length * ColumnsAtOnce];
            fixed (float* count = counts)
            {
                for (var block = from; block < to; block++)
                {
                    var start = block % blocks * ColumnsAtOnce;
                    var offset = (block / blocks * length * columns) + start;
                    var width = (int)Math.Min(ColumnsAtOnce, columns - start);
                    CountDown((byte*)mask + offset, length, columns, width, count);
                    CountUp(length, columns, width, step, count, result + offset);
                }
            }
        });
    }

    /// <summary>How many elements up the nearest false one is.</summary>
    private static void CountDown(byte* mask, int length, long columns, int width, float* counts)
    {
        var above = stackalloc float[ColumnsAtOnce];
        new Span<float>(above, ColumnsAtOnce).Fill(float.PositiveInfinity);
        for (var y = 0; y < length; y++, above = counts + ((y - 1) * ColumnsAtOnce))
        {
            var inside = mask + (y * columns);
            var row = counts + (y * ColumnsAtOnce);
            var x = 0;
            for (; x <= width - Vector256<float>.Count; x += Vector256<float>.Count)
            {
                var shorts = Vector128.WidenLower(Vector64.Load(inside + x).ToVector128Unsafe());
                var all = -Vector256.WidenLower(shorts.ToVector256Unsafe()).AsInt32();
                ((Vector256.Load(above + x) + Vector256<float>.One) & all.AsSingle()).Store(row + x);
            }

            for (; x < width; x++)
                row[x] = inside[x] == 0 ? 0 : above[x] + 1;
        }
    }

    /// <summary>The square of the smaller of that and how many elements down the nearest false one is.</summary>
    private static void CountUp(int length, long columns, int width, double step, float* counts, double* result)
    {
        var below = stackalloc float[ColumnsAtOnce];
        new Span<float>(below, ColumnsAtOnce).Fill(float.PositiveInfinity);
        for (var y = length - 1; y >= 0; y--)
        {
            var count = counts + (y * ColumnsAtOnce);
            var row = result + (y * columns);
            var x = 0;
            for (; x <= width - Vector256<float>.Count; x += Vector256<float>.Count)
            {
                var nearest = Vector256.Min(Vector256.Load(count + x), Vector256.Load(below + x) + Vector256<float>.One);
                nearest.Store(below + x);
                var (low, high) = Vector256.Widen(nearest);
                (low, high) = (low * step, high * step);
                (low * low).Store(row + x);
                (high * high).Store(row + x + Vector256<double>.Count);
            }

            for (; x < width; x++)
            {
                below[x] = Math.Min(count[x], below[x] + 1);
                row[x] = below[x] * step * (below[x] * step);
            }
        }
    }

    /// <summary>Puts min over i of f(i) + ((x − i)·step)² in the place of each f(x), for some of the lines along an axis.</summary>
    private static void Envelopes(double* values, long from, long to, int length, long stride, double square)
    {
        var places = new double[length];
        var heights = new double[length];
        fixed (double* place = places, height = heights)
        {
            for (var line = from; line < to; line++)
                Line(values + (line / stride * length * stride) + (line % stride), length, stride, square, place, height);
        }
    }

    /// <summary>
    /// A line, in the parts that lie between elements at distance 0: those stay, and nothing beyond them is nearer.
    /// </summary>
    private static void Line(double* line, int length, long stride, double square, double* place, double* height)
    {
        var start = 0;
        while (true)
        {
            while (start < length && line[start * stride] == 0)
                start++;
            if (start == length)
                return;
            var end = start + 1;
            while (end < length && line[end * stride] != 0)
                end++;
            Envelope(line, start, end, length, stride, square, place, height);
            start = end;
        }
    }

    private static void Envelope(double* line, int start, int end, int length, long stride, double square, double* place, double* height)
    {
        var last = -1;
        for (var i = Math.Max(0, start - 1); i < Math.Min(length, end + 1); i++)
        {
            var value = line[i * stride];
            if (value == double.PositiveInfinity)
                continue;

            // The middle one of three parabolas goes where it lies above the other two everywhere.
            while (last > 0)
            {
                var (left, right) = (place[last] - place[last - 1], i - place[last]);
                if (((left + right) * height[last]) - (right * height[last - 1]) - (left * value) <= left * right * (left + right) * square)
                    break;
                last--;
            }

            last++;
            (place[last], height[last]) = (i, value);
        }

        if (last < 0)
            return;
        var at = 0;
        for (var x = start; x < end; x++)
        {
            var distance = x - place[at];
            var best = height[at] + (distance * distance * square);
            while (at < last)
            {
                distance = x - place[at + 1];
                var next = height[at + 1] + (distance * distance * square);
                if (next > best)
                    break;
                best = next;
                at++;
            }

            line[x * stride] = best;
        }
    }
}
