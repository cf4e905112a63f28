using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// Resizes a plane by cubic convolution (Keys 1981, a = −0.75) between pixels' centres, the border repeated: what OpenCV's INTER_CUBIC and PyTorch's bicubic compute.
/// </summary>
internal static class CubicPlane
{
    private const float A = -0.75f;
    private const int Taps = 4;

    /// <summary>Writes height × width values.</summary>
    /// <param name="plane">rows × columns values.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="resized">height × width values.</param>
    /// <param name="width">At least 1; the height follows from the length.</param>
    internal static void Resize(ReadOnlySpan<float> plane, int rows, int columns, Span<float> resized, int width)
    {
        var height = resized.Length / width;
        var wide = new float[rows * width];
        for (var x = 0; x < width; x++)
        {
            var (first, weights) = Weights(x, columns, width);
            for (var row = 0; row < rows; row++)
            {
                var sum = 0f;
                for (var tap = 0; tap < Taps; tap++) sum += weights[tap] * plane[(row * columns) + Math.Clamp(first + tap, 0, columns - 1)];
                wide[(row * width) + x] = sum;
            }
        }

        for (var y = 0; y < height; y++)
        {
            var (first, weights) = Weights(y, rows, height);
            var line = resized.Slice(y * width, width);
            var (a, b, c, d) = (Row(first), Row(first + 1), Row(first + 2), Row(first + 3));
            var x = 0;
            for (; x + Vector<float>.Count <= width; x += Vector<float>.Count)
            {
                var sum = (weights[0] * new Vector<float>(wide, a + x)) + (weights[1] * new Vector<float>(wide, b + x))
                    + (weights[2] * new Vector<float>(wide, c + x)) + (weights[3] * new Vector<float>(wide, d + x));
                sum.CopyTo(line[x..]);
            }

            for (; x < width; x++) line[x] = (weights[0] * wide[a + x]) + (weights[1] * wide[b + x]) + (weights[2] * wide[c + x]) + (weights[3] * wide[d + x]);
        }

        int Row(int row) => Math.Clamp(row, 0, rows - 1) * width;
    }

    /// <summary>The first of four source places, which may lie outside, and their weights.</summary>
    private static (int First, float[] Weights) Weights(int place, int from, int to)
    {
        var source = ((place + 0.5f) * ((float)from / to)) - 0.5f;
        var floor = MathF.Floor(source);
        var t = source - floor;
        return ((int)floor - 1, [Far(t + 1), Near(t), Near(1 - t), Far(2 - t)]);
    }

    private static float Near(float x) => ((((A + 2) * x) - (A + 3)) * x * x) + 1;

    private static float Far(float x) => ((((A * x) - (5 * A)) * x) + (8 * A)) * x - (4 * A);
}
