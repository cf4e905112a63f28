using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Normalises, resizes and pads images to one batch, and brings boxes back to them, as torchvision's GeneralizedRCNNTransform.</summary>
/// <param name="options">The sizes and so on; torchvision's where null.</param>
public sealed class ImageTransform(ImageTransformOptions? options = null)
{
    private const int ImageDimensions = 3;
    private readonly ImageTransformOptions _options = options ?? new();

    /// <summary>Makes a batch.</summary>
    /// <param name="images">[C, H, W] each, of one floating type on one device, from 0 to 1; they may have different sizes.</param>
    /// <param name="targets">One for each image, or null.</param>
    /// <param name="training">Whether a size is drawn for each image, where there are several.</param>
    /// <returns>The batch, in the dispose scope of the caller. The images in it lie with their channels together, where libtorch's convolutions are fastest.</returns>
    /// <exception cref="ArgumentException">There is no image, or one is of another shape or type, or there is another number of targets.</exception>
    public ImageBatch Prepare(IReadOnlyList<Tensor> images, IReadOnlyList<DetectionTarget>? targets = null, bool training = false)
    {
        Check(images, targets);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var originals = images.Select(SizeOf).ToArray();
        var sizes = originals.Select(size => Resized(size, training)).ToArray();
        var like = images[0];
        var batch = zeros([images.Count, Padded(sizes.Max(size => size.Height)), Padded(sizes.Max(size => size.Width)), like.size(0)], dtype: like.dtype, device: like.device)
            .permute(0, 3, 1, 2);
        var (mean, deviation) = (Channel(_options.Mean, like), Channel(_options.Deviation, like));
        for (var i = 0; i < images.Count; i++)
        {
            using var inner = NewDisposeScope();
            var image = ((images[i] - mean) / deviation).unsqueeze(0);
            if (sizes[i] != originals[i]) image = Interpolate(image, sizes[i], InterpolationMode.Bilinear);
            batch.narrow(0, i, 1).narrow(2, 0, sizes[i].Height).narrow(3, 0, sizes[i].Width).copy_(image);
        }

        DetectionTarget[] resized = targets is null ? [] : [.. targets.Select((target, i) => Resized(target, originals[i], sizes[i]))];
        return new(batch.MoveToOuterDisposeScope(), sizes, originals, resized);
    }

    /// <summary>Boxes of an image of one size as those of the image at another size.</summary>
    /// <param name="boxes">[N, 4], x1, y1, x2, y2.</param>
    /// <param name="from">The size in whose pixels they are.</param>
    /// <param name="to">The size in whose pixels they are to be.</param>
    /// <returns>[N, 4]. The two axes have each their own factor.</returns>
    public static Tensor Resize(Tensor boxes, ImageSize from, ImageSize to)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        using var scope = NewDisposeScope();
        var (height, width) = ((float)to.Height / from.Height, (float)to.Width / from.Width);
        using var factors = tensor(new[] { width, height, width, height });
        return (boxes * factors.to(boxes.dtype, boxes.device)).MoveToOuterDisposeScope();
    }

    private ImageSize Resized(ImageSize size, bool training)
    {
        // In single precision and by the reciprocal, as torchvision's operations are: the floor below is that of a product that may be whole.
        var scale = MathF.Min(1f / Math.Min(size.Height, size.Width) * MinSize(training), 1f / Math.Max(size.Height, size.Width) * _options.MaxSize);
        return new(Math.Max(1, (long)Math.Floor(size.Height * (double)scale)), Math.Max(1, (long)Math.Floor(size.Width * (double)scale)));
    }

    private int MinSize(bool training)
    {
        var sizes = _options.MinSizes;
        if (!training || sizes.Count == 1) return sizes[^1];
        using var drawn = randint(0, sizes.Count, [1], generator: _options.Generator);
        return sizes[(int)drawn.item<long>()];
    }

    private long Padded(long size) => (size + _options.SizeDivisor - 1) / _options.SizeDivisor * _options.SizeDivisor;

    private static DetectionTarget Resized(DetectionTarget target, ImageSize from, ImageSize to)
    {
        var boxes = Resize(target.Boxes, from, to);
        var masks = target.Masks?.alias();
        if (masks is not null && from != to && masks.size(0) > 0)
        {
            using var scope = NewDisposeScope();
            masks = Interpolate(masks.unsqueeze(0).to(ScalarType.Byte), to, InterpolationMode.Nearest).squeeze(0).MoveToOuterDisposeScope();
        }
        else if (masks is not null && from != to)
        {
            masks = zeros([0, to.Height, to.Width], dtype: ScalarType.Byte, device: masks.device);
        }

        return new(boxes.MoveToOuterDisposeScope(), target.Labels.alias().MoveToOuterDisposeScope(), masks?.MoveToOuterDisposeScope());
    }

    private static Tensor Interpolate(Tensor images, ImageSize size, InterpolationMode mode) =>
        nn.functional.interpolate(images, [size.Height, size.Width], mode: mode, align_corners: mode == InterpolationMode.Bilinear ? false : null);

    private static Tensor Channel(IReadOnlyList<double> values, Tensor like)
    {
        using var onHost = tensor(values.ToArray(), [values.Count, 1, 1], ScalarType.Float64);
        return onHost.to(like.dtype, like.device);
    }

    private static ImageSize SizeOf(Tensor image) => new(image.size(1), image.size(2));

    private void Check(IReadOnlyList<Tensor> images, IReadOnlyList<DetectionTarget>? targets)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0) throw new ArgumentException("Expected at least one image.", nameof(images));
        if (targets is not null && targets.Count != images.Count) throw new ArgumentException($"There are {images.Count} images and {targets.Count} targets.", nameof(targets));
        var channels = _options.Mean.Count;
        if (_options.Deviation.Count != channels) throw new ArgumentException($"There are {channels} means and {_options.Deviation.Count} deviations.", nameof(images));
        for (var i = 0; i < images.Count; i++)
        {
            var image = images[i] ?? throw new ArgumentNullException(nameof(images));
            if (image.dim() != ImageDimensions || image.size(0) != channels || image.numel() == 0 || !image.is_floating_point() || image.dtype != images[0].dtype)
                throw new ArgumentException($"Image {i}: expected [{channels}, H, W] of one floating type, and {image.dtype} {image.ShapeText()} came.", nameof(images));
        }
    }
}
