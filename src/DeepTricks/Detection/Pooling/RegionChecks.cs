using System.Runtime.CompilerServices;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>The arguments of everything that pools regions, checked before libtorch sees them.</summary>
internal static class RegionChecks
{
    public const int BoxColumns = 4;
    public const int RegionColumns = 5;
    public const int RotatedColumns = 6;

    public static int Bins(int value, [CallerMemberName] string? name = null) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least one bin.");

    public static int Sampling(int value, [CallerMemberName] string? name = null) =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a number of samples, or 0 for one that follows the size of the bin.");

    public static double Scale(double value, [CallerMemberName] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a positive, finite scale.");

    /// <summary>Options of what can only average.</summary>
    public static RoiAlignOptions Averaged(RoiAlignOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Pooling == RoiPooling.Average
            ? options
            : throw new ArgumentException($"Expected samples to be averaged; the pooling is {options.Pooling}.", nameof(options));
    }

    /// <summary>[N, C, H, W] of a floating type, with cells to read.</summary>
    public static void Features(Tensor features, [CallerArgumentExpression(nameof(features))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(features, name);
        if (features.dim() != 4 || features.shape[2] < 1 || features.shape[3] < 1)
        {
            throw new ArgumentException($"Expected features of shape [N, C, H, W] with cells; the shape is {features.ShapeText()}.", name);
        }

        if (!features.is_floating_point())
        {
            throw new ArgumentException($"Expected features of a floating type; the type is {features.dtype}.", name);
        }
    }

    /// <summary>[K, columns] where the features are, of their type, or float32 beside features of half precision.</summary>
    public static void Regions(Tensor regions, Tensor features, int columns, [CallerArgumentExpression(nameof(regions))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(regions, name);
        if (regions.dim() != 2 || regions.shape[1] != columns)
        {
            throw new ArgumentException($"Expected regions of shape [K, {columns}]; the shape is {regions.ShapeText()}.", name);
        }

        if (regions.dtype != features.dtype && !(regions.dtype == ScalarType.Float32 && features.dtype is ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new ArgumentException($"Expected regions of type {features.dtype}, as the features; the type is {regions.dtype}.", name);
        }

        if (!regions.SharesDeviceWith(features))
        {
            throw new ArgumentException($"Expected regions on {features.device}, where the features are; they are on {regions.device}.", name);
        }
    }

    /// <summary>Boxes for each image in place of one tensor of regions: [L, 4] for each of N images.</summary>
    public static void BoxesOfImages(IReadOnlyList<Tensor> boxes, long images, [CallerArgumentExpression(nameof(boxes))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        if (boxes.Count != images)
        {
            throw new ArgumentException($"Expected boxes for each of {images} images; there are {boxes.Count}.", name);
        }

        foreach (var one in boxes)
        {
            if (one is null || one.dim() != 2 || one.shape[1] != BoxColumns)
            {
                throw new ArgumentException($"Expected boxes of shape [L, 4] for each image; one has {(one is null ? "none" : $"the shape {one.ShapeText()}")}.", name);
            }
        }
    }

    /// <summary>The first number of each region is that of an image.</summary>
    public static void Images<T>(ReadOnlySpan<T> regions, int columns, long images)
        where T : System.Numerics.INumber<T>
    {
        for (var i = 0; i < regions.Length; i += columns)
        {
            var image = double.CreateTruncating(regions[i]);
            if (!(image >= 0 && image < images))
            {
                throw new ArgumentException($"Region {i / columns} is of image {image}; there are {images}.", nameof(regions));
            }
        }
    }
}
