using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// A mask for each class, twice as fine as the features: torchvision's MaskRCNNPredictor, <c>conv5_mask</c> and <c>mask_fcn_logits</c>.
/// </summary>
public sealed class MaskPredictor : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv5_mask")] private readonly ConvTranspose2d _enlarge;
    [ComponentName(Name = "mask_fcn_logits")] private readonly Conv2d _logits;

    /// <summary>Makes the two layers with first weights drawn as torchvision draws them, and biases of 0.</summary>
    /// <param name="channels">The channels of a region's features.</param>
    /// <param name="width">The channels between the two layers; 256 in torchvision.</param>
    /// <param name="numClasses">The classes with the background, at least 2.</param>
    /// <param name="generator">Draws the weights; a generator of the CPU, or null for libtorch's own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public MaskPredictor(long channels, long width, long numClasses, Generator? generator = null) : base(nameof(MaskPredictor))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(numClasses, 2);
        (_enlarge, _logits) = (nn.ConvTranspose2d(channels, width, 2, 2), nn.Conv2d(width, numClasses, 1));
        RegisterComponents();
        Layers.KaimingNormal(_enlarge, generator);
        Layers.KaimingNormal(_logits, nn.init.FanInOut.FanOut, generator);
    }

    /// <summary>The masks of all classes.</summary>
    /// <param name="input">[K, C, rows, columns].</param>
    /// <returns>Logits, [K, classes, 2 rows, 2 columns].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _logits.call(Enlarged(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The mask of one class for each region, without computing the others.</summary>
    /// <param name="input">[K, C, rows, columns].</param>
    /// <param name="labels">[K], int64: the class whose mask is wanted.</param>
    /// <returns>Logits, [K, 2 rows, 2 columns].</returns>
    public Tensor Select(Tensor input, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        var enlarged = Enlarged(input);
        var (rows, columns) = (enlarged.size(2), enlarged.size(3));
        var weights = _logits.weight.flatten(1).index_select(0, labels).unsqueeze(1);
        var biases = _logits.bias!.index_select(0, labels).view(-1, 1, 1);
        return weights.bmm(enlarged.flatten(2)).add_(biases).view(-1, rows, columns).MoveToOuterDisposeScope();
    }

    private Tensor Enlarged(Tensor input) => _enlarge.call(input).relu_();
}
