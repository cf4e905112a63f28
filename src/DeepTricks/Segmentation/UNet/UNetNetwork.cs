using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// A network of the U-Net family with the names of ZJUGiveLab/UNet-Version. <c>forward</c> gives one map; <see cref="Maps"/> gives those of deep
/// supervision and the classification as well.
/// </summary>
/// <remarks>
/// Images may be of any height and width of at least 2 to the number of levels less one. Where they are multiples of that (16 with the default
/// five levels), the result is the original's. Where they are not, the original fails; here every map is brought to the very size of the level
/// that it is joined to.
/// </remarks>
public abstract class UNetNetwork : nn.Module<Tensor, Tensor>
{
    private const int ImageDimensions = 4;
    private const double NormDeviation = 0.02;
    private readonly UNetNetworkOptions _options;

    private protected UNetNetwork(string name, UNetNetworkOptions options) : base(name) => _options = options;

    /// <summary>The levels of the encoder, each of half the size of the one before.</summary>
    public int Levels => _options.Filters.Count;

    /// <summary>The least height and width of an image: one pixel of it is left on the deepest level.</summary>
    public long LeastSize => 1L << (Levels - 1);

    /// <summary>Runs images through the network.</summary>
    /// <param name="input">Images, [N, channels, H, W], of the floating type and on the device of the weights; at least <see cref="LeastSize"/> high and wide.</param>
    /// <returns>The map, [N, classes, H, W]: logits, or probabilities where the options say so.</returns>
    /// <exception cref="ArgumentException">The input's shape, type or device is another.</exception>
    public sealed override Tensor forward(Tensor input) => Compute(input, sides: false).Main;

    /// <summary>Runs images through the network and gives, beside the map, those of deep supervision and the classification, as far as it has them.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>All maps at the size of the images.</returns>
    public SegmentationMaps Maps(Tensor input) => Compute(input, sides: true);

    /// <summary>The network itself, inside a dispose scope; with sides, all of the maps.</summary>
    private protected abstract SegmentationMaps Run(Tensor images, bool sides);

    /// <summary>A map as the caller wants it.</summary>
    private protected Tensor Finished(Tensor logits) => _options.Probabilities ? logits.sigmoid() : logits;

    /// <summary>Registers a layer under the original's name, and gives it back.</summary>
    private protected T Named<T>(string name, T layer) where T : nn.Module
    {
        register_module(name, layer);
        return layer;
    }

    /// <summary>
    /// Draws the weights as UNet-Version does: convolutions after He et al. 2015 by their fan in, norms around 1, biases as PyTorch begins them; or all of them
    /// as PyTorch does.
    /// </summary>
    private protected void DrawWeights(bool asPyTorch = false)
    {
        var generator = _options.Generator;
        foreach (var module in modules())
        {
            switch (module)
            {
                case Conv2d convolution: Draw(convolution.weight, convolution.bias!); break;
                case ConvTranspose2d convolution: Draw(convolution.weight, convolution.bias!); break;
                case BatchNorm2d norm when !asPyTorch: Layers.Normal(norm.weight!, 1, NormDeviation, generator); break;
                default: break;
            }
        }

        void Draw(Parameter weight, Parameter bias)
        {
            var fanIn = (double)weight.numel() / weight.size(0);
            if (asPyTorch) Layers.Uniform(weight, 1 / Math.Sqrt(fanIn), generator);
            else Layers.Normal(weight, 0, Math.Sqrt(2 / fanIn), generator);
            Layers.Uniform(bias, 1 / Math.Sqrt(fanIn), generator);
        }
    }

    private SegmentationMaps Compute(Tensor input, bool sides)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() != ImageDimensions || input.size(1) != _options.InputChannels || input.size(2) < LeastSize || input.size(3) < LeastSize)
        {
            throw new ArgumentException(
                $"Expected images [N, {_options.InputChannels}, H, W] with H and W of at least {LeastSize}, and {input.ShapeText()} came.", nameof(input));
        }

        var weight = parameters().First();
        if (input.dtype != weight.dtype) throw new ArgumentException($"Expected images of the weights' type {weight.dtype}, and {input.dtype} came.", nameof(input));
        if (!input.SharesDeviceWith(weight)) throw new ArgumentException($"Expected images on the weights' device {weight.device}, and they are on {input.device}.", nameof(input));
        using var scope = NewDisposeScope();
        return Run(input, sides).MoveToOuterDisposeScope();
    }
}
