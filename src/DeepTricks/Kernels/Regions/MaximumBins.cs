using System.Numerics;
using System.Runtime.CompilerServices;

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
        var places = stackalloc T[width];
        foreach (var (top, bottom) in cells.Rows)
        {
            foreach (var (left, right) in cells.Columns)
            {
                if (bottom > top && right > left)
                {
                    var done = 0;
                    for (; done + (4 * lanes) <= width; done += 4 * lanes)
                    {
                        Find4(tile + done, width, (top, bottom), (left, right), mapWidth, places + done);
                    }

                    for (; done < width; done += lanes)
                    {
                        Find1(tile + done, width, (top, bottom), (left, right), mapWidth, places + done);
                    }

                    for (var channel = 0; channel < width; channel++)
                    {
                        var place = int.CreateTruncating(places[channel]);
                        if (place >= 0)
                        {
                            gradient[((nint)place * width) + channel] += bins[channel];
                        }
                    }
                }

                bins += width;
            }
        }
    }

    /// <summary>The number of the first cell that is the largest, for four vectors of channels; −1 where none is larger than the least.</summary>
    private static void Find4<T>(T* tile, nint width, (int From, int To) rows, (int From, int To) columns, int mapWidth, T* places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = Vector<T>.Count;
        var best0 = LeastOf<T>();
        var (best1, best2, best3) = (best0, best0, best0);
        var place0 = new Vector<T>(-T.One);
        var (place1, place2, place3) = (place0, place0, place0);
        for (var y = rows.From; y < rows.To; y++)
        {
            var number = (y * mapWidth) + columns.From;
            var cell = tile + (number * width);
            var here = new Vector<T>(T.CreateTruncating(number));
            for (var x = columns.From; x < columns.To; x++, cell += width, here += Vector<T>.One)
            {
                Take(Vector.Load(cell), here, ref best0, ref place0);
                Take(Vector.Load(cell + lanes), here, ref best1, ref place1);
                Take(Vector.Load(cell + (2 * lanes)), here, ref best2, ref place2);
                Take(Vector.Load(cell + (3 * lanes)), here, ref best3, ref place3);
            }
        }

        place0.Store(places);
        place1.Store(places + lanes);
        place2.Store(places + (2 * lanes));
        place3.Store(places + (3 * lanes));
    }

    private static void Find1<T>(T* tile, nint width, (int From, int To) rows, (int From, int To) columns, int mapWidth, T* places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (best, place) = (LeastOf<T>(), new Vector<T>(-T.One));
        for (var y = rows.From; y < rows.To; y++)
        {
            for (var x = columns.From; x < columns.To; x++)
            {
                var number = (y * mapWidth) + x;
                Take(Vector.Load(tile + (number * width)), new Vector<T>(T.CreateTruncating(number)), ref best, ref place);
            }
        }

        place.Store(places);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take<T>(Vector<T> value, Vector<T> here, ref Vector<T> best, ref Vector<T> place)
        where T : unmanaged
    {
        var isLarger = Vector.GreaterThan(value, best);
        best = Vector.ConditionalSelect(isLarger, value, best);
        place = Vector.ConditionalSelect(isLarger, here, place);
    }

    private static Vector<T> LeastOf<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? new Vector<float>(Least).As<float, T>() : new Vector<double>(Least).As<double, T>();
}
