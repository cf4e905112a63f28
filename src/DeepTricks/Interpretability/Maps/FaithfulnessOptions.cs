using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>How <see cref="FaithfulnessCurves"/> are measured. The defaults are those of RISE (eclique/RISE).</summary>
public sealed record FaithfulnessOptions
{
    private const int BlurSize = 11;
    private const double BlurWidth = 5;

    /// <summary>As frgfm/torch-cam measures: 20 steps, and both curves know nothing but zeros.</summary>
    public static FaithfulnessOptions TorchCam { get; } = new() { Steps = 20, InsertionGround = Black };

    /// <summary>
    /// The most steps in which the pixels change, at least 1, each of as many pixels; null, the default, for a row's worth of pixels at each step,
    /// as many steps as the image is high.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Steps
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Steps), value, "Expected at least 1.");
    }

    /// <summary>Makes of images [N, channels, height, width] what is seen where pixels are deleted; default zeros, which are the mean of normalised images.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<Tensor, Tensor> DeletionGround
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(DeletionGround));
    }
        = Black;

    /// <summary>Makes of images what is seen before pixels are inserted; default <see cref="Blur"/>, since edges of zeros are evidence themselves.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<Tensor, Tensor> InsertionGround
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(InsertionGround));
    }
        = Blur;

    /// <summary>How many changed images go through the model at once, at least 1; default 32. It changes the time and the memory only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "Expected at least 1.");
    } = 32;

    /// <summary>Whether scores are probabilities by a softmax over what the model returns; default true. False where it returns probabilities already.</summary>
    public bool Softmax { get; init; } = true;

    /// <summary>Blurs images by RISE's Gaussian of 11 x 11 pixels and a standard deviation of 5; beyond the border is black.</summary>
    /// <param name="images">[N, channels, height, width] of a floating type.</param>
    /// <returns>Images of the same shape.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type.</exception>
    public static Tensor Blur(Tensor images)
    {
        MapChecks.Activations(images, nameof(images));
        using var scope = NewDisposeScope();
        var peak = new double[BlurSize * BlurSize];
        peak[peak.Length / 2] = 1;
        var kernel = tensor(GaussianFilter.Smooth(peak, BlurSize, BlurSize, BlurWidth), [1, 1, BlurSize, BlurSize]).to(images.dtype, images.device);
        // Each channel by itself, as a sample of one channel.
        return nn.functional.conv2d(images.flatten(0, 1).unsqueeze(1), kernel, padding: [BlurSize / 2, BlurSize / 2]).view(images.shape).MoveToOuterDisposeScope();
    }

    private static Tensor Black(Tensor images) => zeros_like(images);
}
