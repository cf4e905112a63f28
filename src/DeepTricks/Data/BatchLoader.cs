using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>
/// Batches of a dataset that is held in memory: shuffled by a seed, made ahead on a thread of their own, and the same from any point of
/// any epoch on.
/// </summary>
/// <remarks>
/// The order of an epoch is a function of the seed and the epoch, the random numbers of a sample one of the seed, the epoch and the
/// sample. Neither the batches before nor the prefetching take part, so that going on in the middle of an epoch costs no more than
/// computing its order. The loader may be read by several loops at once, each of which gets its own batches. It does not own
/// the dataset, which must outlive the loops.
/// </remarks>
public sealed class BatchLoader : IBatchSource
{
    private readonly InMemoryDataset _dataset;

    /// <summary>Makes a loader.</summary>
    /// <param name="dataset">The samples; not taken over. At least one batch of them.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <exception cref="ArgumentException">The dataset does not give a single batch.</exception>
    public BatchLoader(InMemoryDataset dataset, BatchLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _dataset = dataset;
        Options = options ?? new();
        BatchesPerEpoch = Options.DropLast
            ? dataset.Count / Options.BatchSize
            : (int)((dataset.Count + (long)Options.BatchSize - 1) / Options.BatchSize);
        if (BatchesPerEpoch == 0)
        {
            var least = Options.DropLast ? $"{Options.BatchSize}, a whole batch, since DropLast is set" : "1";
            throw new ArgumentException($"The dataset has {dataset.Count} samples; expected at least {least}.", nameof(dataset));
        }
    }

    /// <summary>The settings.</summary>
    public BatchLoaderOptions Options { get; }

    /// <summary>The number of samples in the dataset.</summary>
    public int SampleCount => _dataset.Count;

    /// <inheritdoc/>
    public int BatchesPerEpoch { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// An exception in the transform, or in making a batch, surfaces in the loop, after the batches before it. When the enumerator
    /// is disposed of, the prefetching thread is stopped and waited for, and the batches that it made are disposed of.
    /// </remarks>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        var batches = MakeAll(new(epoch, firstBatch));
        return Options.PrefetchDepth == 0 ? batches : Prefetch(batches, Options.PrefetchDepth);
    }

    private static IEnumerable<Batch> Prefetch(IEnumerable<Batch> batches, int depth)
    {
        using var prefetcher = new Prefetcher<Batch>(batches, depth);
        while (prefetcher.TryTake(out var batch))
        {
            yield return batch;
        }
    }

    private IEnumerable<Batch> MakeAll(DataPosition start)
    {
        var order = Options.Shuffle
            ? EpochOrder.Shuffled(_dataset.Count, Options.Seed, start.Epoch)
            : EpochOrder.Sequential(_dataset.Count);
        for (var position = start; position.BatchIndex < BatchesPerEpoch; position = position with { BatchIndex = position.BatchIndex + 1 })
        {
            yield return Make(order, position);
        }
    }

    private Batch Make(long[] order, DataPosition position)
    {
        var first = position.BatchIndex * Options.BatchSize;
        var indices = order.AsMemory(first, Math.Min(Options.BatchSize, order.Length - first));
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var rows = tensor(indices.ToArray(), device: _dataset.Inputs.device);
        var input = _dataset.Inputs.index_select(0, rows);
        var target = _dataset.Targets?.index_select(0, rows);
        if (Options.Transform is { } transform)
        {
            (input, target) = transform(input, target, Randoms(indices.Span, position.Epoch));
        }

        if (Options.Device is { } device)
        {
            (input, target) = (input.to(device), target?.to(device));
        }

        return new(input, target, indices, position);
    }

    private SampleRandom[] Randoms(ReadOnlySpan<long> indices, int epoch)
    {
        var randoms = new SampleRandom[indices.Length];
        for (var i = 0; i < randoms.Length; i++)
        {
            randoms[i] = new(Options.Seed, epoch, indices[i]);
        }

        return randoms;
    }
}
