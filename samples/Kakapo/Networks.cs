using TorchSharp;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>The networks of the sample.</summary>
internal static class Networks
{
    /// <summary>The layer that is averaged over its places, and the one behind it.</summary>
    public const string Features = "features", Classifier = "fc";

    /// <summary>The channels of the features.</summary>
    public const long Width = 64;

    /// <summary>The places to a side of the features' maps.</summary>
    public const int Places = 12;

    /// <summary>From pictures [N, 3, 48, 48] to features [N, 64, 12, 12]; a place sees 18 pixels to a side.</summary>
    public static nn.Module<Tensor, Tensor> Trunk() => nn.Sequential(
        [.. Block("1", 3, 24, 3), ("1_pool", nn.MaxPool2d(2)), .. Block("2", 24, 48, 3), ("2_pool", nn.MaxPool2d(2)), .. Block("3", 48, Width, 1), .. Block("4", Width, Width, 1)]);

    /// <summary>A network of the trunk, a mean over the places and one linear layer.</summary>
    public static nn.Module<Tensor, Tensor> Classify(long classes) =>
        nn.Sequential((Features, Trunk()), ("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()), (Classifier, nn.Linear(Width, classes)));

    private static IEnumerable<(string, nn.Module<Tensor, Tensor>)> Block(string name, long from, long to, long kernel) =>
    [
        ($"{name}_conv", nn.Conv2d(from, to, kernel, padding: kernel / 2, bias: false)), ($"{name}_norm", nn.BatchNorm2d(to)), ($"{name}_relu", nn.ReLU(inplace: true)),
    ];
}
