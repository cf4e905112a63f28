using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>Sums of squares over the channels of a map, and their way back. One sample at a time, its channels one after the other.</summary>
internal static unsafe class ChannelEnergy
{
    private const int Unrolled = 4;

    /// <summary>energy[p] = factor · Σ_c map[c, p]², or of map[p, c] where the channels come last; the map is read once.</summary>
    public static void Sum(float* map, int channels, bool channelsLast, float factor, Span<float> energy)
    {
        if (channelsLast)
        {
            for (var p = 0; p < energy.Length; p++, map += channels)
            {
                energy[p] = factor * SumOfSquares(map, channels);
            }

            return;
        }

        energy.Clear();
        var places = energy.Length;
        fixed (float* sums = energy)
        {
            var c = 0;
            for (; c + Unrolled <= channels; c += Unrolled)
            {
                AddFour(map + ((long)c * places), places, sums);
            }

            for (; c < channels; c++)
            {
                AddOne(map + ((long)c * places), places, sums);
            }
        }

        foreach (ref var value in energy)
        {
            value *= factor;
        }
    }

    /// <summary>gradient = map · slopes[p] · factor, in the layout of the map.</summary>
    public static void Back(float* map, int channels, bool channelsLast, ReadOnlySpan<float> slopes, float factor, float* gradient)
    {
        var places = slopes.Length;
        if (channelsLast)
        {
            for (var p = 0; p < places; p++, map += channels, gradient += channels)
            {
                Scale(map, slopes[p] * factor, channels, gradient);
            }

            return;
        }

        fixed (float* scales = slopes)
        {
            var scale = new Vector<float>(factor);
            for (var c = 0; c < channels; c++, map += places, gradient += places)
            {
                var p = 0;
                for (; p <= places - Vector<float>.Count; p += Vector<float>.Count)
                {
                    (Load(map + p) * (Load(scales + p) * scale)).Store(gradient + p);
                }

                for (; p < places; p++)
                {
                    gradient[p] = map[p] * (scales[p] * factor);
                }
            }
        }
    }

    private static float SumOfSquares(float* values, int count)
    {
        var (i, sums) = (0, Vector<float>.Zero);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = Load(values + i);
            sums += x * x;
        }

        var total = Vector.Sum(sums);
        for (; i < count; i++)
        {
            total += values[i] * values[i];
        }

        return total;
    }

    private static void Scale(float* values, float factor, int count, float* scaled)
    {
        var (i, scale) = (0, new Vector<float>(factor));
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Load(values + i) * scale).Store(scaled + i);
        }

        for (; i < count; i++)
        {
            scaled[i] = values[i] * factor;
        }
    }

    private static void AddFour(float* map, int places, float* sums)
    {
        float* a = map, b = a + places, c = b + places, d = c + places;
        var p = 0;
        for (; p <= places - Vector<float>.Count; p += Vector<float>.Count)
        {
            var (x, y, z, w) = (Load(a + p), Load(b + p), Load(c + p), Load(d + p));
            (Load(sums + p) + ((x * x) + (y * y)) + ((z * z) + (w * w))).Store(sums + p);
        }

        for (; p < places; p++)
        {
            sums[p] += (a[p] * a[p]) + (b[p] * b[p]) + ((c[p] * c[p]) + (d[p] * d[p]));
        }
    }

    private static void AddOne(float* map, int places, float* sums)
    {
        var p = 0;
        for (; p <= places - Vector<float>.Count; p += Vector<float>.Count)
        {
            var x = Load(map + p);
            (Load(sums + p) + (x * x)).Store(sums + p);
        }

        for (; p < places; p++)
        {
            sums[p] += map[p] * map[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(float* at) => Vector.Load(at);
}
