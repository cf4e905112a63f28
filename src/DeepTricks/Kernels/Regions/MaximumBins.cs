using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>The largest cell of each bin of one region, for some channels side by side; and the way back to it.</summary>
internal static unsafe class MaximumBins
{
    /// <summary>What an empty comparison starts from, as in Fast R-CNN: the least finite number of single precision, whatever the type.</summary>
    public const float Least = float.MinValue;

    /// <summary>bins[b] = the largest of the cells of a bin; 0 where it has none.</summary>
    public static void Gather<T>(T* tile, int width, BinCells cells, int mapWidth, T* bins)
        where T : unmanaged
    {
        var lanes = Vector<T>.Count;
        foreach (var (top, bottom) in cells.Rows)
        {
            foreach (var (left, right) in cells.Columns)
            {
                var isEmpty = bottom <= top || right <= left;
                var done = 0;
                for (; done + (4 * lanes) <= width; done += 4 * lanes)
                {
                    var a = isEmpty ? Vector<T>.Zero : LeastOf<T>();
                    var (b, c, d) = (a, a, a);
                    for (var y = top; y < bottom; y++)
                    {
                        var cell = tile + ((nint)((y * mapWidth) + left) * width) + done;
                        for (var x = left; x < right; x++, cell += width)
                        {
                            // Of a number and NaN, or of zeros, the second comes out: what was there before.
                            a = Vector.MaxNative(Vector.Load(cell), a);
                            b = Vector.MaxNative(Vector.Load(cell + lanes), b);
                            c = Vector.MaxNative(Vector.Load(cell + (2 * lanes)), c);
                            d = Vector.MaxNative(Vector.Load(cell + (3 * lanes)), d);
                        }
                    }

                    a.Store(bins + done);
                    b.Store(bins + done + lanes);
                    c.Store(bins + done + (2 * lanes));
                    d.Store(bins + done + (3 * lanes));
                }

                for (; done < width; done += lanes)
                {
                    var best = isEmpty ? Vector<T>.Zero : LeastOf<T>();
                    for (var y = top; y < bottom; y++)
                    {
                        for (var x = left; x < right; x++)
                        {
                            best = Vector.MaxNative(Vector.Load(tile + ((nint)((y * mapWidth) + x) * width) + done), best);
                        }
                    }

                    best.Store(bins + done);
                }

                bins += width;
            }
        }
    }

    /// <summary>gradient[cell] += bins[b] at the first cell of each bin that is the largest.</summary>
    public static void Scatter<T>(T* tile, T* gradient, int width, BinCells cells, int mapWidth, T* bins)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = Vector<T>.Count;
        var places = stackalloc T[lanes];
        foreach (var (top, bottom) in cells.Rows)
        {
            foreach (var (left, right) in cells.Columns)
            {
                for (var done = 0; done < width && bottom > top && right > left; done += lanes)
                {
                    var (best, place) = (LeastOf<T>(), new Vector<T>(-T.One));
                    for (var y = top; y < bottom; y++)
                    {
                        for (var x = left; x < right; x++)
                        {
                            var number = (y * mapWidth) + x;
                            var value = Vector.Load(tile + ((nint)number * width) + done);
                            var isLarger = Vector.GreaterThan(value, best);
                            best = Vector.ConditionalSelect(isLarger, value, best);
                            place = Vector.ConditionalSelect(isLarger, new Vector<T>(T.CreateTruncating(number)), place);
                        }
                    }

                    place.Store(places);
                    for (var lane = 0; lane < lanes; lane++)
                    {
                        if (places[lane] >= T.Zero)
                        {
                            gradient[(nint.CreateTruncating(places[lane]) * width) + done + lane] += bins[done + lane];
                        }
                    }
                }

                bins += width;
            }
        }
    }

    private static Vector<T> LeastOf<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? new Vector<float>(Least).As<float, T>() : new Vector<double>(Least).As<double, T>();
}
