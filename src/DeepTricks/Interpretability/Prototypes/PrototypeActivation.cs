using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The scores of one prototype over the places of one image, in the resolution of the feature maps.</summary>
/// <param name="Values">The scores, row after row.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Columns">The columns.</param>
public sealed record PrototypeActivation(IReadOnlyList<float> Values, int Rows, int Columns)
{
    /// <summary>The percentile from which on <see cref="Box"/> takes pixels: 95, as in the authors' code.</summary>
    public const double DefaultPercentile = 95;

    /// <summary>The map in the resolution of an image, by cubic convolution (OpenCV's INTER_CUBIC).</summary>
    /// <param name="height">The rows of the image, at least 1.</param>
    /// <param name="width">Its columns, at least 1.</param>
    /// <returns>[height, width], float32.</returns>
    public Tensor Resize(int height, int width) => TensorMemory.Of(Resized(height, width), [height, width], ScalarType.Float32);

    /// <summary>The resized map from 0, its least value, to 1, its largest: a heat map. All 0 where the map is constant.</summary>
    /// <param name="height">The rows of the image, at least 1.</param>
    /// <param name="width">Its columns, at least 1.</param>
    /// <returns>[height, width], float32.</returns>
    public Tensor Heat(int height, int width)
    {
        using var scope = NewDisposeScope();
        var map = Resize(height, width);
        if (Values.All(value => value == Values[0])) return zeros_like(map).MoveToOuterDisposeScope();
        map -= map.min();
        return (map / map.max()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The part of an image that the map is about: the tightest box around all pixels of the resized map at or above a percentile. It spans two
    /// peaks as high as each other, and of a constant map it is the whole image.
    /// </summary>
    /// <param name="height">The rows of the image, at least 1.</param>
    /// <param name="width">Its columns, at least 1.</param>
    /// <param name="percentile">0 to 100; 95, the authors', by default.</param>
    public PatchBox Box(int height, int width, double percentile = DefaultPercentile)
    {
        if (percentile is not (>= 0 and <= 100)) throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "Expected 0 to 100.");
        var map = Resized(height, width);
        if (Values.All(value => value == Values[0])) return new(0, height, 0, width);
        var threshold = Percentile.Of(map, percentile);
        var (top, bottom, left, right) = (height, 0, width, 0);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if (map[(y * width) + x] < threshold) continue;
                (top, bottom) = (Math.Min(top, y), y + 1);
                (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
            }
        }

        return new(top, bottom, left, right);
    }

    private float[] Resized(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (Values.Count != Rows * Columns || Values.Count == 0)
            throw new InvalidOperationException($"The map has {Values.Count} values; expected {Rows} × {Columns}, at least one.");
        var resized = new float[height * width];
        CubicPlane.Resize(Values as float[] ?? [.. Values], Rows, Columns, resized, width);
        return resized;
    }
}
