using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The stacks of 3 × 3 convolutions of factor transfer: layer, normalisation and leaky ReLU, three times, under the names 0 to 8.</summary>
internal static class FactorLayers
{
    private const double Slope = 0.1;

    public static Sequential Encoder(long input, long factor, bool normalized, Generator? generator) =>
        Stack([(input, input), (input, factor), (factor, factor)], normalized, (from, to) => ConnectorLayers.Convolution(from, to, 3, padding: 1, generator: generator));

    public static Sequential Decoder(long output, long factor, bool normalized, Generator? generator) =>
        Stack([(factor, factor), (factor, output), (output, output)], normalized, (from, to) => ConnectorLayers.Transposed(from, to, 3, 1, 1, generator));

    public static long Channels(long teacherChannels, double rate, string parameter)
    {
        FeatureChecks.Count(teacherChannels, parameter);
        var channels = (long)(teacherChannels * rate);
        return channels >= 1 ? channels : throw new ArgumentException($"Expected a factor of at least one channel; {teacherChannels} times {rate} is less.", parameter);
    }

    private static Sequential Stack((long From, long To)[] sizes, bool normalized, Func<long, long, nn.Module<Tensor, Tensor>> layer)
    {
        var layers = new List<(string Name, nn.Module<Tensor, Tensor> Layer)>();
        for (var i = 0; i < sizes.Length; i++)
        {
            layers.Add(($"{3 * i}", layer(sizes[i].From, sizes[i].To)));
            if (normalized)
            {
                layers.Add(($"{(3 * i) + 1}", nn.BatchNorm2d(sizes[i].To)));
            }

            layers.Add(($"{(3 * i) + 2}", nn.LeakyReLU(Slope)));
        }

        return nn.Sequential(layers);
    }
}
