using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// Squared distances of one prototype [C, h, w] to all patches of one map [C, H, W], by Σ (x − p)²: no cancellation, exactly 0 for the patch itself, and the same
/// whatever images stand beside it.
/// </summary>
internal static unsafe class PatchDifferences
{
    /// <summary>Writes the distances of the (H − h + 1) × (W − w + 1) patches.</summary>
    internal static void Map(float* features, (int Channels, int Height, int Width) size, float* prototype, (int Height, int Width) patch, float* map)
    {
        if (patch is (1, 1))
        {
            Points(features, size.Channels, size.Height * size.Width, prototype, map);
            return;
        }

        var (rows, columns) = (size.Height - patch.Height + 1, size.Width - patch.Width + 1);
        new Span<float>(map, rows * columns).Clear();
        for (var channel = 0; channel < size.Channels; channel++)
            for (var y = 0; y < patch.Height; y++)
                for (var x = 0; x < patch.Width; x++, prototype++)
                    for (var row = 0; row < rows; row++)
                        Accumulate(features + ((((long)channel * size.Height) + row + y) * size.Width) + x, *prototype, map + (row * columns), columns);
    }

    private static void Points(float* features, int channels, int count, float* prototype, float* map)
    {
        var (lanes, i) = (Vector<float>.Count, 0);
        // Four at a time, for one sum waits for itself.
        for (; i + (4 * lanes) <= count; i += 4 * lanes)
        {
            var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            var at = features + i;
            for (var channel = 0; channel < channels; channel++, at += count)
            {
                var p = new Vector<float>(prototype[channel]);
                a = Square(Vector.Load(at) - p, a);
                b = Square(Vector.Load(at + lanes) - p, b);
                c = Square(Vector.Load(at + (2 * lanes)) - p, c);
                d = Square(Vector.Load(at + (3 * lanes)) - p, d);
            }

            a.Store(map + i);
            b.Store(map + i + lanes);
            c.Store(map + i + (2 * lanes));
            d.Store(map + i + (3 * lanes));
        }

        for (; i + lanes <= count; i += lanes)
        {
            var (sum, at) = (Vector<float>.Zero, 0L);
            for (var channel = 0; channel < channels; channel++, at += count) sum = Square(Vector.Load(features + at + i) - new Vector<float>(prototype[channel]), sum);
            sum.Store(map + i);
        }

        for (; i < count; i++)
        {
            var sum = 0f;
            for (var channel = 0; channel < channels; channel++)
            {
                var difference = features[((long)channel * count) + i] - prototype[channel];
                sum += difference * difference;
            }

            map[i] = sum;
        }
    }

    private static void Accumulate(float* features, float prototype, float* map, int count)
    {
        var (i, p) = (0, new Vector<float>(prototype));
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count) Square(Vector.Load(features + i) - p, Vector.Load(map + i)).Store(map + i);
        for (; i < count; i++) map[i] += (features[i] - prototype) * (features[i] - prototype);
    }

    private static Vector<float> Square(Vector<float> difference, Vector<float> sum) => Vector.MultiplyAddEstimate(difference, difference, sum);
}
