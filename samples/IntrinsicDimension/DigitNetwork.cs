using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DimensionSample;

/// <summary>The network of ansuini/IntrinsicDimDeep on MNIST: two convolutions without padding, each with pooling and then a ReLU, and two dense layers.</summary>
internal sealed class DigitNetwork : nn.Module<Tensor, Tensor>
{
    private const double PixelMean = 0.1307, PixelDeviation = 0.3081;

#pragma warning disable IDE1006 // The names are those of the layers.
    private readonly Conv2d conv1 = nn.Conv2d(1, 32, 3);
    private readonly Sequential pool1 = nn.Sequential(nn.MaxPool2d(2), nn.ReLU());
    private readonly Conv2d conv2 = nn.Conv2d(32, 64, 3);
    private readonly Sequential pool2 = nn.Sequential(nn.MaxPool2d(2), nn.ReLU());
    private readonly Sequential d1 = nn.Sequential(nn.Linear(1600, 128), nn.ReLU());
    private readonly Sequential output = nn.Sequential(nn.Linear(128, 10), nn.LogSoftmax(1));
#pragma warning restore IDE1006

    public DigitNetwork()
        : base(nameof(DigitNetwork)) => RegisterComponents();

    /// <summary>The layers that the study looks at.</summary>
    public static IReadOnlyList<string> Layers { get; } = [nameof(conv1), nameof(pool1), nameof(conv2), nameof(pool2), nameof(d1), nameof(output)];

    /// <summary>The images as the study gives them to the network.</summary>
    public static Tensor Normalized(Tensor images) => (images - PixelMean) / PixelDeviation;

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = pool1.call(conv1.call(images));
        x = pool2.call(conv2.call(x));
        return output.call(d1.call(x.flatten(1))).MoveToOuterDisposeScope();
    }
}
