using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// The classification of UNet 3+'s guided module: dropout, a 1 x 1 convolution to the classes "absent" and "present" (<c>cls.1</c>), and the greatest
/// value of each over the image.
/// </summary>
internal sealed class PresenceHead
{
    private const double DropoutProbability = 0.5;
    private readonly Dropout _dropout = nn.Dropout(DropoutProbability);
    private readonly Conv2d _classes;

    internal PresenceHead(long channels, Device? device)
    {
        _classes = nn.Conv2d(channels, 2, 1, device: device);
        Layers = nn.Sequential(_dropout, _classes);
    }

    /// <summary>What the network registers.</summary>
    internal Sequential Layers { get; }

    /// <summary>
    /// The logit of presence, [N, 1]. With the original's two sigmoids the greater logit wins; the difference of the two is the logit of the class "present" in a softmax, and
    /// above 0 where it wins.
    /// </summary>
    internal Tensor Logit(Tensor features)
    {
        using var scope = NewDisposeScope();
        var classes = nn.functional.adaptive_max_pool2d(Layers.call(features), [1, 1]).flatten(1);
        return (classes.narrow(1, 1, 1) - classes.narrow(1, 0, 1)).MoveToOuterDisposeScope();
    }
}
