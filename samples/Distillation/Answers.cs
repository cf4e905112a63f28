using DeepTricks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillationSample;

/// <summary>What a network answers for some images.</summary>
/// <param name="Given">The digit that it takes each image for.</param>
/// <param name="Right">The digit that it shows.</param>
internal sealed record Answers(IReadOnlyList<long> Given, IReadOnlyList<long> Right)
{
    private const int BatchSize = 500;

    /// <summary>The wrong ones, in per cent.</summary>
    public double Error => 100.0 * Given.Zip(Right, (given, right) => given == right ? 0 : 1).Average();

    /// <summary>The images of a digit that are recognised, in per cent.</summary>
    public double Recognized(int digit) => 100.0 * Given.Where((_, i) => Right[i] == digit).Average(given => given == digit ? 1 : 0);

    /// <summary>The part of all images that is taken for a digit.</summary>
    public double Share(int digit) => Given.Average(given => given == digit ? 1.0 : 0);

    public static Answers Of(DigitNetwork network, InMemoryDataset data)
    {
        using var ungraded = no_grad();
        network.eval();
        var given = new List<long>();
        for (var from = 0; from < data.Count; from += BatchSize)
        {
            using var scope = NewDisposeScope();
            given.AddRange(network.call(data.Inputs[from..Math.Min(from + BatchSize, data.Count)]).argmax(1).data<long>().ToArray());
        }

        return new(given, data.Targets!.data<long>().ToArray());
    }
}
