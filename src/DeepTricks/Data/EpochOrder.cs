namespace DeepTricks.Data;

/// <summary>The order in which an epoch visits the samples: a pure function of the seed and the epoch.</summary>
public static class EpochOrder
{
    /// <summary>A permutation of 0 to <paramref name="count"/> - 1, every one equally likely (Fisher and Yates), in O(count).</summary>
    /// <param name="count">The number of samples, at least 0.</param>
    /// <param name="seed">The seed of the run; any value.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <returns>The sample indices in the order of their visits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="epoch"/> is negative.</exception>
    public static long[] Shuffled(int count, long seed, int epoch)
    {
        var order = Sequential(count);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var random = SampleRandom.OfEpoch(seed, epoch);
        for (var last = count - 1; last > 0; last--)
        {
            var other = random.NextInt32(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }

    /// <summary>The indices 0 to <paramref name="count"/> - 1 in their own order.</summary>
    /// <param name="count">The number of samples, at least 0.</param>
    /// <returns>The sample indices.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static long[] Sequential(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new long[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        return order;
    }
}
