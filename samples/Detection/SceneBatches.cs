using DeepTricks.Data;
using DeepTricks.Detection;
using TorchSharp;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>
/// Batches of scenes, each turned or mirrored into one of eight positions. Boxes and masks are of another number in every picture, which no tensor
/// holds: the batch has the pictures alone, and its targets are had from <see cref="TargetsOf"/>.
/// </summary>
internal sealed class SceneBatches(IReadOnlyList<Scene> scenes, int batchSize, long seed) : IBatchSource
{
    private const int Positions = 8;

    public int BatchesPerEpoch => scenes.Count / batchSize;

    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0)
    {
        var order = EpochOrder.Shuffled(scenes.Count, seed, epoch);
        for (var batch = firstBatch; batch < BatchesPerEpoch; batch++)
        {
            var indices = order.AsMemory(batch * batchSize, batchSize);
            using var scope = NewDisposeScope();
            var pictures = stack([.. indices.ToArray().Select(index => Turned(scenes[(int)index].Image, Position(epoch, index)))]);
            yield return new(pictures, null, indices, new(epoch, batch));
        }
    }

    /// <summary>What is in the pictures of a batch, in the dispose scope of the caller: the position of a picture is a function of the epoch and its number.</summary>
    public IReadOnlyList<DetectionTarget> TargetsOf(Batch batch) =>
        [.. batch.Indices.ToArray().Select(index => Turned(scenes[(int)index].Target, Position(batch.Position.Epoch, index)))];

    private int Position(int epoch, long index) => new SampleRandom(seed, epoch, index).NextInt32(Positions);

    private static DetectionTarget Turned(DetectionTarget target, int position)
    {
        using var scope = NewDisposeScope();
        var boxes = target.Boxes;
        if ((position & 1) != 0) boxes = stack([Scene.Size - boxes[.., 2], boxes[.., 1], Scene.Size - boxes[.., 0], boxes[.., 3]], 1);
        if ((position & 2) != 0) boxes = stack([boxes[.., 0], Scene.Size - boxes[.., 3], boxes[.., 2], Scene.Size - boxes[.., 1]], 1);
        if ((position & 4) != 0) boxes = stack([boxes[.., 1], boxes[.., 0], boxes[.., 3], boxes[.., 2]], 1);
        return new(boxes.alias().MoveToOuterDisposeScope(), target.Labels.alias().MoveToOuterDisposeScope(), Turned(target.Masks!, position).MoveToOuterDisposeScope());
    }

    /// <summary>Mirrored left to right, top to bottom and along the diagonal, as the bits of the position say.</summary>
    private static Tensor Turned(Tensor planes, int position)
    {
        using var scope = NewDisposeScope();
        var turned = planes;
        if ((position & 1) != 0) turned = turned.flip(-1);
        if ((position & 2) != 0) turned = turned.flip(-2);
        if ((position & 4) != 0) turned = turned.transpose(-1, -2);
        return turned.contiguous().alias().MoveToOuterDisposeScope();
    }
}
