namespace DeepTricks.Data;

/// <summary>
/// Where a training loop takes its batches from. The batches of an epoch depend on nothing but the source's own settings
/// and the epoch, so that a run can stop after any batch and go on from there.
/// </summary>
public interface IBatchSource
{
    /// <summary>The number of batches in every epoch.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>
    /// The batches of one epoch, from <paramref name="firstBatch"/> on: the same ones that a full pass would have given from there,
    /// without making those before it. Each enumeration starts anew.
    /// </summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The first batch to give, from 0 to <see cref="BatchesPerEpoch"/> (which gives none).</param>
    /// <returns>
    /// The batches in order. Each belongs to whoever takes it and is disposed of by them; batches not yet taken belong to the
    /// enumerator, which disposes of them when it is disposed of (a <c>foreach</c> does that, however it ends).
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> or <paramref name="firstBatch"/> is out of range.</exception>
    IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0);
}
