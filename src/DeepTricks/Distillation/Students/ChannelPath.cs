using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Which channels go into a layer and come out of it. Layers with one name for theirs have the same channels and keep the same ones: a convolution, the
/// normalisation behind it, the next layer's input, and
/// all that a residual connection adds up.
/// </summary>
/// <param name="Layer">The layer, by its name in <c>named_modules()</c>.</param>
/// <param name="Input">The channels that go in; null where all are kept, as those of images.</param>
/// <param name="Output">The channels that come out; null where all are kept, as classes.</param>
public sealed record ChannelPath(string Layer, string? Input, string? Output)
{
    /// <summary>
    /// The paths of a network whose layers stand one behind the other, in the order of <c>named_modules()</c>: convolutions, normalisations, linear layers. The last
    /// one keeps its outputs.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <returns>A path for each layer that has weights.</returns>
    /// <exception cref="ArgumentException">A convolution has groups other than one for each channel.</exception>
    public static IReadOnlyList<ChannelPath> Chain(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        List<ChannelPath> paths = [];
        string? current = null;
        foreach (var (name, layer) in network.named_modules())
        {
            if (layer is not (Conv2d or Linear or NormBase))
            {
                continue;
            }

            var follows = layer is NormBase || (layer is Conv2d { groups: > 1 } grouped && grouped.groups == grouped.out_channels && grouped.groups == grouped.in_channels);
            if (!follows && layer is Conv2d { groups: > 1 })
            {
                throw new ArgumentException($"The convolution '{name}' has groups; those of one for each channel alone can be narrowed.", nameof(network));
            }

            paths.Add(new(name, current, follows ? current : name));
            current = paths[^1].Output;
        }

        var last = paths.FindLast(path => path.Output == path.Layer);
        return last is null ? paths : [.. paths.Select(path => path.Output == last.Layer ? path with { Output = null, Input = path.Input == last.Layer ? null : path.Input } : path)];
    }
}
