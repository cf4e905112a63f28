using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// How far each element of the surface of one mask is from the surface of another, both ways; and, of contours, the length that each element
/// stands for.
/// </summary>
internal sealed unsafe class SurfacePair
{
    private SurfacePair(byte[] first, byte[] second, long[] shape, ReadOnlySpan<double> spacing, bool parallel)
    {
        var (ours, other) = (Places(first), Places(second));
        var work = new double[first.Length];
        (ToSecond, ToFirst) = (Sample(ours, second, spacing), Sample(other, first, spacing));

        // Where there is nothing to go to, all is infinitely far.
        float[] Sample(int[] from, byte[] to, ReadOnlySpan<double> spacing)
        {
            var distances = new float[from.Length];
            var squares = new double[from.Length];
            fixed (byte* mask = to)
                DistanceTransform.SquaredAt((bool*)mask, shape, spacing, from, work, squares, parallel);
            for (var i = 0; i < distances.Length; i++)
                distances[i] = (float)Math.Sqrt(squares[i]);
            return distances;
        }
    }

    private SurfacePair() => (ToSecond, ToFirst) = ([], []);

    /// <summary>From each element of the first surface; infinite where there is no second one.</summary>
    internal float[] ToSecond { get; }

    /// <summary>From each element of the second surface; infinite where there is no first one.</summary>
    internal float[] ToFirst { get; }

    /// <summary>The length that each element of the first contour stands for; null for pixels.</summary>
    internal double[]? FirstLengths { get; private init; }

    /// <summary>The length that each element of the second contour stands for; null for pixels.</summary>
    internal double[]? SecondLengths { get; private init; }

    /// <summary>Whether both masks are empty.</summary>
    internal bool IsEmpty => ToSecond.Length + ToFirst.Length == 0;

    /// <summary>Whether exactly one of the masks is empty.</summary>
    internal bool IsHalfEmpty => !IsEmpty && (ToSecond.Length == 0 || ToFirst.Length == 0);

    /// <summary>The surfaces as the pixels of a mask that have a neighbour outside of it along an axis; what is beyond the image is outside.</summary>
    /// <param name="first">A mask, each element 0 or 1.</param>
    /// <param name="second">Another one.</param>
    /// <param name="shape">Of the image: two or three dimensions.</param>
    /// <param name="spacing">The size of an element along each.</param>
    /// <param name="parallel">Whether to use several threads.</param>
    internal static SurfacePair OfPixels(bool* first, bool* second, ReadOnlySpan<long> shape, ReadOnlySpan<double> spacing, bool parallel)
    {
        var box = MaskBox.Around((byte*)first, (byte*)second, shape);
        return box.Elements == 0
            ? new()
            : new(Inside(box.Cut((byte*)first), box.Shape), Inside(box.Cut((byte*)second), box.Shape), box.Shape, spacing, parallel);
    }

    /// <summary>
    /// The surfaces of images as contours between pixels: the corners of pixels that have both inside and outside around them, each standing for the
    /// length of the contour that goes through it (Nikolov et al., 2018, deepmind/surface-distance).
    /// </summary>
    /// <inheritdoc cref="OfPixels"/>
    internal static SurfacePair OfContours(bool* first, bool* second, ReadOnlySpan<long> shape, ReadOnlySpan<double> spacing, bool parallel)
    {
        var box = MaskBox.Around((byte*)first, (byte*)second, shape);
        if (box.Elements == 0)
            return new();
        var (height, width) = ((int)box.Shape[0] - 1, (int)box.Shape[1] - 1);
        var (one, firstLengths) = Corners(box.Cut((byte*)first), height, width, spacing);
        var (other, secondLengths) = Corners(box.Cut((byte*)second), height, width, spacing);
        return new(one, other, [height, width], spacing, parallel) { FirstLengths = firstLengths, SecondLengths = secondLengths };
    }

    /// <summary>Where the zeros are.</summary>
    private static int[] Places(byte[] surface)
    {
        var places = new int[surface.AsSpan().Count((byte)0)];
        var at = -1;
        for (var i = 0; i < places.Length; i++)
        {
            at += 1 + surface.AsSpan(at + 1).IndexOf((byte)0);
            places[i] = at;
        }

        return places;
    }

    /// <summary>0 where an element is of the surface, else 1.</summary>
    private static byte[] Inside(byte[] mask, long[] shape)
    {
        var result = new byte[mask.Length];
        Array.Fill(result, (byte)1);
        var row = (int)shape[^1];
        var plane = shape.Length == 3 ? (int)(shape[1] * shape[2]) : 0;
        fixed (byte* inside = mask, surface = result)
        {
            // The margin is empty, so all that may be of the surface has neighbours.
            var i = Math.Max(plane, row);
            var end = mask.Length - i;
            for (; i <= end - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                var at = inside + i;
                var around = Vector.Load(at - 1) & Vector.Load(at + 1) & Vector.Load(at - row) & Vector.Load(at + row);
                if (plane > 0)
                    around &= Vector.Load(at - plane) & Vector.Load(at + plane);
                (around | (Vector.Load(at) ^ Vector<byte>.One)).Store(surface + i);
            }

            for (; i < end; i++)
            {
                var at = inside + i;
                var around = at[-1] & at[1] & at[-row] & at[row] & (plane > 0 ? at[-plane] & at[plane] : 1);
                surface[i] = (byte)(around | (*at ^ 1));
            }
        }

        return result;
    }

    /// <summary>0 where the contour goes through a corner of pixels, else 1; and its lengths there, one after the other.</summary>
    private static (byte[] Surface, double[] Lengths) Corners(byte[] mask, int height, int width, ReadOnlySpan<double> spacing)
    {
        // A contour cuts a pixel alone in its corner off aslant; between two and two it goes along an axis.
        var slant = 0.5 * Math.Sqrt((spacing[0] * spacing[0]) + (spacing[1] * spacing[1]));
        var surface = new byte[height * width];
        var lengths = new List<double>();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * (width + 1)) + x;
                var (a, b, c, d) = (mask[at], mask[at + 1], mask[at + width + 1], mask[at + width + 2]);
                var inside = a + b + c + d;
                surface[(y * width) + x] = inside is 0 or 4 ? (byte)1 : (byte)0;
                if (inside is 1 or 3)
                    lengths.Add(slant);
                else if (inside == 2)
                    lengths.Add(a == b ? spacing[1] : a == c ? spacing[0] : 2 * slant);
            }
        }

        return (surface, [.. lengths]);
    }
}
