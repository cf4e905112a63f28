using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>Gray noise with one square of the colour of the class: red, green or blue.</summary>
internal static class ColoredSquares
{
    internal const int Classes = 3, Side = 8, Height = 24, Width = 32;

    /// <summary>The corner of the square of an image.</summary>
    internal static (int Top, int Left) Corner(int image) => (image * 5 % (Height - Side), image * 11 % (Width - Side));

    internal static InMemoryDataset Images(int count)
    {
        using var scope = NewDisposeScope();
        var images = Golden.Tensor("squares", [count, 1, Height, Width], 0.1, 0.4).expand(count, 3, Height, Width).clone();
        for (var i = 0; i < count; i++)
        {
            var (top, left) = Corner(i);
            var square = images[i].narrow(1, top, Side).narrow(2, left, Side);
            square.mul_(0.25);
            square[i % Classes] += 0.8;
        }

        return new(images.MoveToOuterDisposeScope(), (arange(count) % Classes).MoveToOuterDisposeScope());
    }

    /// <summary>Noise that is coloured all over: no patch is found in two classes.</summary>
    internal static InMemoryDataset Colors(int count)
    {
        using var scope = NewDisposeScope();
        var labels = arange(count) % Classes;
        var shades = nn.functional.one_hot(labels, Classes).to(ScalarType.Float32).view(count, Classes, 1, 1) * 0.5;
        return new((Golden.Tensor("colors", [count, 3, Height, Width], 0.2, 0.25) + shades).MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }

    internal static ProtoPNet Network(int seed = 1)
    {
        random.manual_seed(seed);
        var features = nn.Sequential(
            ("conv1", nn.Conv2d(3, 16, 3, padding: 1)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2, 2)),
            ("conv2", nn.Conv2d(16, 16, 3, padding: 1)), ("relu2", nn.ReLU()), ("pool2", nn.MaxPool2d(2, 2)));
        return new(features, 16, new() { NumClasses = Classes, PrototypesPerClass = 2, PrototypeChannels = 8, Generator = new Generator((ulong)seed) });
    }
}
