using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>How a <see cref="BatchLoader"/> makes batches. The defaults are those of a training set.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>The samples in a batch, at least 1; default 64.</summary>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "Expected at least 1.");
    } = 64;

    /// <summary>Whether each epoch visits the samples in an order of its own (<see cref="EpochOrder.Shuffled"/>); default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether to leave out the last batch of an epoch where it has fewer samples than the others; default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>Decides the order of each epoch and the random numbers of each sample; any value, default 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// How many finished batches may wait for the loop; default 2. One more is in the making on a thread of its own. With 0 the batches are
    /// made on the thread of the loop. The batches are the same whatever the depth.
    /// </summary>
    public int PrefetchDepth
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(PrefetchDepth), value, "Expected at least 0.");
    } = 2;

    /// <summary>The device to hand the batches out on; null (the default) leaves them on the dataset's.</summary>
    public Device? Device { get; init; }

    /// <summary>What is done to each batch before it is moved to the device; null (the default) for nothing.</summary>
    public BatchTransform? Transform { get; init; }
}
