using TorchSharp;

namespace DeepTricks.Kernels;

/// <summary>What one thread does at a time: some channels of one image.</summary>
internal readonly record struct PoolingItem(RegionRun Run, int FirstChannel, int Channels)
{
    /// <summary>Cuts the images' channels into blocks: as large as vectors are taken at once, but so many that all threads have one.</summary>
    /// <param name="runs">One for each image of each level.</param>
    /// <param name="channels">The channels of a level.</param>
    /// <param name="lanes">In a vector.</param>
    public static IEnumerable<PoolingItem> Share(RegionRun[] runs, Func<int, int> channels, int lanes)
    {
        foreach (var run in runs)
        {
            var count = channels(run.Level);
            var block = WeightedBins.MostVectors * lanes;
            while (block > lanes && (long)((count + block - 1) / block) * runs.Length < torch.get_num_threads())
            {
                block /= 2;
            }

            for (var first = 0; first < count; first += block)
            {
                yield return new(run, first, Math.Min(block, count - first));
            }
        }
    }
}
