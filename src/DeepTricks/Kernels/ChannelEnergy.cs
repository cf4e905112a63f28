using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>Sums of squares over the channels of a map, and their way back. One sample at a time, its channels one after the other.</summary>
internal static unsafe class ChannelEnergy
{
    private const int Unrolled = 4;

    /// <summary>energy[p] = factor · Σ_c map[c, p]²; each channel is read once.</summary>
    public static void Sum(float* map, int channels, int places, float factor, Span<float> energy)
    {
        energy.Clear();
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

    /// <summary>gradient[c, p] = map[c, p] · slopes[p] · factor.</summary>
    public static void Back(float* map, int channels, int places, ReadOnlySpan<float> slopes, float factor, float* gradient)
    {
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
