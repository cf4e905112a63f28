using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What a network makes of an image.</summary>
internal readonly record struct MapShape(long Channels, long Stride)
{
    // Large enough for a map of the usual coarsest stride to have several cells, so that it tells the stride.
    private const long ProbeSize = 128;

    /// <summary>Runs an image of zeros through a network, in evaluation mode and without gradients, and leaves the network as it was.</summary>
    internal static MapShape[] Probe(nn.Module network, Func<Tensor, IReadOnlyList<Tensor>> maps)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var modes = new ModuleModes(network);
        network.eval();
        var weight = network.parameters().FirstOrDefault();
        var image = weight is null ? zeros(1, 3, ProbeSize, ProbeSize) : zeros([1, 3, ProbeSize, ProbeSize], dtype: weight.dtype, device: weight.device);
        return [.. maps(image).Select(Of)];
    }

    private static MapShape Of(Tensor map) => map.dim() == 4 && map.size(2) <= ProbeSize
        ? new(map.size(1), (long)Math.Round((double)ProbeSize / map.size(2)))
        : throw new ArgumentException($"Expected feature maps [N, C, h, w], and {map.ShapeText()} came.", "body");
}
