using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>The networks of lorenmt/maxl by their names, narrower: five blocks of a VGG-16 and classifiers of two layers.</summary>
internal sealed class MaxlNetwork : nn.Module<Tensor, Tensor>
{
    private static readonly int[] Widths = [4, 4, 6, 6, 8];
    private readonly Sequential _blocks;

    /// <param name="main">The name and the classes of the classifier whose scores the network gives.</param>
    /// <param name="second">Those of another one, or null.</param>
    internal MaxlNetwork((string Name, int Classes) main, (string Name, int Classes)? second = null)
        : base(nameof(MaxlNetwork))
    {
        _blocks = nn.Sequential();
        for (var i = 0; i < Widths.Length; i++)
        {
            var block = Block(i == 0 ? 3 : Widths[i - 1], Widths[i], i < 2 ? 2 : 3);
            register_module($"block{i + 1}", block);
            _blocks.append(block);
        }

        Main = Classifier(main);
        Second = second is { } other ? Classifier(other) : null;
    }

    internal Sequential Main { get; }

    internal Sequential? Second { get; }

    public override Tensor forward(Tensor input)
    {
        var current = input;
        foreach (var block in _blocks.children().Cast<nn.Module<Tensor, Tensor>>())
        {
            current = block.call(current);
        }

        return Main.call(current.flatten(1));
    }

    private static Sequential Block(int before, int width, int convolutions)
    {
        var block = nn.Sequential();
        for (var i = 0; i < convolutions; i++)
        {
            block.append(nn.Conv2d(i == 0 ? before : width, width, 3, padding: 1)).append(nn.BatchNorm2d(width)).append(nn.ReLU(inplace: true));
        }

        return block.append(nn.MaxPool2d(2, 2));
    }

    private Sequential Classifier((string Name, int Classes) one)
    {
        var classifier = nn.Sequential(nn.Linear(Widths[^1], Widths[^1]), nn.ReLU(inplace: true), nn.Linear(Widths[^1], one.Classes));
        register_module(one.Name, classifier);
        return classifier;
    }
}
