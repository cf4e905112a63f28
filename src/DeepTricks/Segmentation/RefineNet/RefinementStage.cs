using DeepTricks.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// One stage: each path brings one map of the encoder to the stage's channels, the sum of them and of what the coarser stage gave is activated, and the output
/// layers refine it.
/// </summary>
/// <param name="paths">The layers of each path.</param>
/// <param name="output">The layers after the sum, an activation in place first.</param>
internal sealed class RefinementStage(IReadOnlyList<nn.Module<Tensor, Tensor>[]> paths, nn.Module<Tensor, Tensor>[] output)
{
    /// <summary>Takes its maps from the queue, and disposes of them and of the coarser stage's result.</summary>
    internal Tensor Refine(Queue<Tensor> maps, Tensor? coarser)
    {
        Tensor? sum = null;
        foreach (var path in paths)
        {
            using var map = maps.Dequeue();
            var adapted = map.Through(path);
            sum = sum is null ? adapted : RefinementLayers.AddResized(sum, adapted);
        }

        if (coarser is not null) RefinementLayers.AddResized(sum!, coarser);
        var refined = sum!.Through(output);
        if (!ReferenceEquals(refined, sum)) sum!.Dispose();
        return refined;
    }
}
