using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// DAFL's generator of images from noise, with the names of its authors' state dict: a linear layer to 128 maps of a quarter of the size, two doublings with
/// convolutions, tanh, and a normalisation without weights, which gives each channel mean 0 and variance 1 (huawei-noah/Efficient-Computing).
/// </summary>
/// <remarks>The second and third normalisations have ε = 0.8, which stands in the authors' code where a momentum seems meant.</remarks>
public sealed class DaflGenerator : nn.Module<Tensor, Tensor>
{
    private const long Wide = 128;
    private const long Narrow = 64;
    private const int Reduction = 4;
    private const double LargeEpsilon = 0.8;
    private const double Slope = 0.2;

    private readonly long _side;

#pragma warning disable IDE1006 // Names of the state dict.
    private readonly nn.Module<Tensor, Tensor> l1;
    private readonly nn.Module<Tensor, Tensor> conv_blocks0;
    private readonly nn.Module<Tensor, Tensor> conv_blocks1;
    private readonly nn.Module<Tensor, Tensor> conv_blocks2;
#pragma warning restore IDE1006

    /// <summary>Makes the generator.</summary>
    /// <param name="imageSize">The side of the square images in pixels, a multiple of 4; 32 by default.</param>
    /// <param name="channels">Channels of an image; 1 by default.</param>
    /// <param name="latentSize">The width of the noise; 100 by default.</param>
    public DaflGenerator(long imageSize = 32, long channels = 1, long latentSize = 100)
        : base(nameof(DaflGenerator))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        _side = imageSize >= Reduction && imageSize % Reduction == 0
            ? imageSize / Reduction
            : throw new ArgumentOutOfRangeException(nameof(imageSize), imageSize, $"Expected a multiple of {Reduction}.");
        LatentSize = latentSize;
        l1 = nn.Sequential(nn.Linear(latentSize, Wide * _side * _side));
        conv_blocks0 = nn.Sequential(nn.BatchNorm2d(Wide));
        conv_blocks1 = nn.Sequential(nn.Conv2d(Wide, Wide, 3, padding: 1), nn.BatchNorm2d(Wide, LargeEpsilon), nn.LeakyReLU(Slope));
        conv_blocks2 = nn.Sequential(
            nn.Conv2d(Wide, Narrow, 3, padding: 1),
            nn.BatchNorm2d(Narrow, LargeEpsilon),
            nn.LeakyReLU(Slope),
            nn.Conv2d(Narrow, channels, 3, padding: 1),
            nn.Tanh(),
            nn.BatchNorm2d(channels, affine: false));
        RegisterComponents();
    }

    /// <summary>The width of the noise.</summary>
    public long LatentSize { get; }

    /// <summary>Images from noise.</summary>
    /// <param name="noise">[N, latent size], standard normal.</param>
    /// <returns>[N, channels, size, size].</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public override Tensor forward(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (noise.dim() != 2 || noise.shape[1] != LatentSize)
        {
            throw new ArgumentException($"Expected noise of shape [N, {LatentSize}]; the shape is {noise.ShapeText()}.", nameof(noise));
        }

        using var scope = NewDisposeScope();
        var maps = conv_blocks0.call(l1.call(noise).reshape(-1, Wide, _side, _side));
        var half = conv_blocks1.call(Doubled(maps));
        return conv_blocks2.call(Doubled(half)).MoveToOuterDisposeScope();
    }

    private static Tensor Doubled(Tensor maps) => nn.functional.interpolate(maps, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
}
