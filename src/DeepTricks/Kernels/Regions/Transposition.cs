using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepTricks.Kernels;

/// <summary>Turns rows into columns.</summary>
internal static unsafe class Transposition
{
    private const int Side = 8;

    /// <summary>target[j · targetStride + i] = source[i · sourceStride + j].</summary>
    public static void Copy<T>(T* source, nint sourceStride, T* target, nint targetStride, int rows, int columns)
        where T : unmanaged
    {
        int i = 0;
        if (typeof(T) == typeof(float) && Avx.IsSupported)
        {
            for (; i + Side <= rows; i += Side)
            {
                var j = 0;
                for (; j + Side <= columns; j += Side)
                {
                    Square((float*)(source + (i * sourceStride) + j), sourceStride, (float*)(target + (j * targetStride) + i), targetStride);
                }

                Plain(source + (i * sourceStride) + j, sourceStride, target + (j * targetStride) + i, targetStride, Side, columns - j);
            }
        }

        Plain(source + (i * sourceStride), sourceStride, target + i, targetStride, rows - i, columns);
    }

    private static void Plain<T>(T* source, nint sourceStride, T* target, nint targetStride, int rows, int columns)
        where T : unmanaged
    {
        for (var j = 0; j < columns; j++)
        {
            var line = target + (j * targetStride);
            for (var i = 0; i < rows; i++)
            {
                line[i] = source[(i * sourceStride) + j];
            }
        }
    }

    /// <summary>Eight by eight: pairs, fours, then halves change places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var (a0, a1) = Pairs(source, sourceStride);
        var (a2, a3) = Pairs(source + (2 * sourceStride), sourceStride);
        var (a4, a5) = Pairs(source + (4 * sourceStride), sourceStride);
        var (a6, a7) = Pairs(source + (6 * sourceStride), sourceStride);
        var (b0, b1) = Fours(a0, a2);
        var (b2, b3) = Fours(a1, a3);
        var (b4, b5) = Fours(a4, a6);
        var (b6, b7) = Fours(a5, a7);
        Halves(b0, b4, target, 4 * targetStride);
        Halves(b1, b5, target + targetStride, 4 * targetStride);
        Halves(b2, b6, target + (2 * targetStride), 4 * targetStride);
        Halves(b3, b7, target + (3 * targetStride), 4 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Pairs(float* source, nint stride)
    {
        var (first, second) = (Vector256.Load(source), Vector256.Load(source + stride));
        return (Avx.UnpackLow(first, second), Avx.UnpackHigh(first, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Fours(Vector256<float> first, Vector256<float> second) =>
        (Avx.UnpackLow(first.AsDouble(), second.AsDouble()).AsSingle(), Avx.UnpackHigh(first.AsDouble(), second.AsDouble()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<float> first, Vector256<float> second, float* target, nint distance)
    {
        const byte lowerHalves = 0x20;
        const byte upperHalves = 0x31;
        Avx.Permute2x128(first, second, lowerHalves).Store(target);
        Avx.Permute2x128(first, second, upperHalves).Store(target + distance);
    }
}
