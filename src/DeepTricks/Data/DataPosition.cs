namespace DeepTricks.Data;

/// <summary>
/// A place in the stream of batches: the batch <paramref name="BatchIndex"/> of the epoch <paramref name="Epoch"/>, both from 0.
/// With the seed it says all that a checkpoint needs to go on with the same batches; nothing is replayed.
/// </summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="BatchIndex">The batch within the epoch, from 0.</param>
public readonly record struct DataPosition(int Epoch, int BatchIndex)
{
    /// <summary>The first batch of the first epoch.</summary>
    public static DataPosition Start => default;

    /// <summary>The place of the batch after this one: in this epoch, or the first of the next.</summary>
    /// <param name="batchesPerEpoch">The batches of each epoch, at least 1 (<see cref="IBatchSource.BatchesPerEpoch"/>).</param>
    /// <returns>The next position.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchesPerEpoch"/> is less than 1.</exception>
    public DataPosition Next(int batchesPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchesPerEpoch, 1);
        return BatchIndex + 1 < batchesPerEpoch ? this with { BatchIndex = BatchIndex + 1 } : new(Epoch + 1, 0);
    }
}
