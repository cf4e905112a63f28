using System.Numerics;

namespace DeepTricks.Kernels;

/// <summary>
/// Scores [N, C, P] in blocks of a few hundred pixels with all of their classes, which stay in the nearest cache from the scores to the result. Blocks
/// are grouped into chunks, whose sums do not depend on the number of threads.
/// </summary>
internal sealed unsafe class PixelGrid
{
    private const int CachedElements = 6 * 1024;
    private const int LargestBlock = 512;
    private const int BlocksPerChunk = 16;

    public PixelGrid(float* scores, long samples, int classes, long pixels, PixelActivation activation, PixelTargets targets, float* masks)
    {
        Scores = scores;
        Masks = masks;
        (Samples, Classes, Pixels, Activation, Targets) = (samples, classes, pixels, activation, targets);
        var lanes = Vector<float>.Count;
        BlockSize = Math.Clamp(CachedElements / classes / lanes * lanes, lanes, LargestBlock);
        ChunksPerSample = (pixels + (BlockSize * BlocksPerChunk) - 1) / (BlockSize * BlocksPerChunk);
    }

    public float* Scores { get; }

    public long Samples { get; }

    public int Classes { get; }

    public long Pixels { get; }

    public PixelActivation Activation { get; }

    public PixelTargets Targets { get; }

    /// <summary>[N, C, P]; null where there are labels.</summary>
    public float* Masks { get; }

    public int BlockSize { get; }

    public long ChunksPerSample { get; }

    public long Chunks => Samples * ChunksPerSample;

    /// <summary>Where a class of a sample begins, in elements.</summary>
    public long At(long sample, int c) => ((sample * Classes) + c) * Pixels;

    /// <summary>Calls back for every block, on several threads, with the number of its chunk.</summary>
    public void ForBlocks(Action<PixelBlock, long> body) => RowParallel.For(Chunks, (long)BlockSize * BlocksPerChunk * Classes, (from, to) =>
    {
        using var block = new PixelBlock(this);
        for (var chunk = from; chunk < to; chunk++)
        {
            var (sample, inSample) = Math.DivRem(chunk, ChunksPerSample);
            var start = inSample * BlockSize * BlocksPerChunk;
            var end = Math.Min(Pixels, start + ((long)BlockSize * BlocksPerChunk));
            for (; start < end; start += BlockSize)
            {
                block.Load(sample, start, (int)Math.Min(BlockSize, end - start));
                body(block, chunk);
            }
        }
    });
}
