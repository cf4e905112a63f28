using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>Structural similarity in tensor operations, of any device and floating type, differentiable as often as wanted.</summary>
internal static class SsimTensors
{
    /// <summary>Above it an image is taken to have values up to <see cref="LargeRange"/>, else up to 1.</summary>
    public const double LargeValue = 128;

    /// <summary>The range of bytes.</summary>
    public const double LargeRange = 255;

    /// <summary>Below it an image is taken to have values down to −1, else down to 0.</summary>
    public const double NegativeValue = -0.5;

    /// <summary>[N] for the textbook's, a scalar for that of UNet3+.</summary>
    public static Tensor Of(Tensor x, Tensor y, SsimLossOptions options, MsSsimLossOptions? levels)
    {
        if (levels is null)
        {
            return Level(x, y, options).Similarity.mean([1]);
        }

        var official = levels.Variant == MsSsimVariant.UNet3Plus;
        Tensor? product = null;
        var last = levels.LevelWeights.Count - 1;
        for (var level = 0; level <= last; level++)
        {
            var (similarity, contrast) = Level(x, y, options);
            var weight = levels.LevelWeights[level];
            // The authors of UNet3+ have the last level inside the product over the others.
            var factor = !official ? PositivePower(level == last ? similarity : contrast, weight)
                : level < last ? ((contrast.mean() + 1) / 2).pow(weight)
                : ((similarity.mean() + 1) / 2).pow(weight * last);
            product = product is null ? factor : product * factor;
            if (level < last)
            {
                (x, y) = (Halved(x, !official), Halved(y, !official));
            }
        }

        return official ? product! : product!.mean([1]);
    }

    /// <summary>SSIM and its contrast-structure part, means over space: [N, C] each.</summary>
    private static (Tensor Similarity, Tensor Contrast) Level(Tensor x, Tensor y, SsimLossOptions options)
    {
        var size = (int)Math.Min(options.WindowSize, x.shape[2..].Min());
        var blurred = Blurred(cat([x, y, x * x, y * y, x * y]), tensor(SsimWindow.Of(size, options.Sigma)).to(x.dtype, x.device)).chunk(5);
        var (meanX, meanY) = (blurred[0], blurred[1]);
        var (squareX, squareY, product) = (meanX * meanX, meanY * meanY, meanX * meanY);
        var range = options.DataRange is { } known ? tensor(known, x.dtype, x.device) : Guessed(x);
        var (c1, c2) = ((range * options.K1).square(), (range * options.K2).square());
        var contrast = (((blurred[4] - product) * 2) + c2) / ((blurred[2] - squareX) + (blurred[3] - squareY) + c2);
        var similarity = ((product * 2) + c1) / (squareX + squareY + c1) * contrast;
        return (similarity.flatten(2).mean([2]), contrast.flatten(2).mean([2]));
    }

    /// <summary>One pass of the window along each side.</summary>
    private static Tensor Blurred(Tensor images, Tensor window)
    {
        var (maps, sides) = (images.shape[0] * images.shape[1], images.dim() - 2);
        var flat = images.reshape([maps, 1, .. images.shape[2..]]);
        for (var side = 0; side < sides; side++)
        {
            var shape = Enumerable.Repeat(1L, (int)sides + 2).ToArray();
            shape[side + 2] = window.shape[0];
            var kernel = window.reshape(shape);
            flat = sides == 2 ? nn.functional.conv2d(flat, kernel) : nn.functional.conv3d(flat, kernel);
        }

        return flat.reshape([images.shape[0], images.shape[1], .. flat.shape[2..]]);
    }

    /// <summary>Half the size; an odd side has a border of zeros where the textbook's implementation does, and else loses its last row.</summary>
    private static Tensor Halved(Tensor images, bool padded)
    {
        var padding = images.shape[2..].Select(side => padded ? side % 2 : 0).ToArray();
        return images.dim() == 4
            ? nn.functional.avg_pool2d(images, [2, 2], padding: padding)
            : nn.functional.avg_pool3d(images, [2, 2, 2], padding: padding);
    }

    private static Tensor Guessed(Tensor x)
    {
        using var _ = no_grad();
        var high = x.max().gt(LargeValue).to(x.dtype) * (LargeRange - 1);
        return high + 1 + x.min().lt(NegativeValue).to(x.dtype);
    }

    /// <summary>max(0, x)^w, with a gradient of 0 where x is not positive.</summary>
    private static Tensor PositivePower(Tensor x, double weight)
    {
        var positive = x > 0;
        return x.where(positive, ones_like(x)).pow(weight).where(positive, zeros_like(x));
    }
}
