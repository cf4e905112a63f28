namespace DeepTricks.Data;

/// <summary>
/// Random numbers of one sample in one epoch: a pure function of (seed, epoch, sample, number of draws before).
/// Augmentation that draws from it gives the same result whatever the batch size, the order, the prefetching or the
/// point at which a run was resumed.
/// </summary>
/// <remarks>
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): the key is the seed, the
/// 128-bit counter holds the block number, the epoch and the sample. Each (epoch, sample) has 2^34 draws of 32 bits.
/// Instances are small and not thread-safe; make one a sample.
/// </remarks>
public sealed class SampleRandom
{
    // Streams that belong to an epoch rather than to a sample take this place, which no sample index can.
    private const long EpochStream = -1;
    private const int BlockSize = 4;
    private const int Rounds = 10;

    private readonly ulong _seed;
    private readonly uint _epoch;
    private readonly ulong _sample;
    private uint _block;
    private int _used = BlockSize;
    private (uint A, uint B, uint C, uint D) _words;

    private SampleRandom(long seed, int epoch, long sample, bool _)
    {
        _seed = (ulong)seed;
        _epoch = (uint)epoch;
        _sample = (ulong)sample;
    }

    /// <summary>The numbers of one sample in one epoch.</summary>
    /// <param name="seed">The seed of the run; any value.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="sample">The index of the sample in its dataset, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> or <paramref name="sample"/> is negative.</exception>
    public SampleRandom(long seed, int epoch, long sample)
        : this(seed, epoch, sample, true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_used == BlockSize)
        {
            _words = Philox((_block++, _epoch, (uint)_sample, (uint)(_sample >> 32)), ((uint)_seed, (uint)(_seed >> 32)));
            _used = 0;
        }

        return _used++ switch { 0 => _words.A, 1 => _words.B, 2 => _words.C, _ => _words.D };
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => NextUInt32() | ((ulong)NextUInt32() << 32);

    /// <summary>An integer from 0 to below <paramref name="exclusiveMaximum"/>, each equally likely (Lemire, arXiv 1805.10941).</summary>
    /// <param name="exclusiveMaximum">The bound, at least 1.</param>
    public int NextInt32(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMaximum, 1);
        var bound = (uint)exclusiveMaximum;
        var product = (ulong)NextUInt32() * bound;
        if ((uint)product < bound)
        {
            // The lowest (2^32 mod bound) products would make some results likelier than others.
            var rejected = (0u - bound) % bound;
            while ((uint)product < rejected)
            {
                product = (ulong)NextUInt32() * bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>A number from 0 to below 1 in steps of 2^-24.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>A number from 0 to below 1 in steps of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number from <paramref name="minimum"/> to below <paramref name="maximum"/>.</summary>
    /// <param name="minimum">The lower end.</param>
    /// <param name="maximum">The upper end.</param>
    public double NextUniform(double minimum, double maximum) => minimum + ((maximum - minimum) * NextDouble());

    /// <summary>A number from the normal distribution with mean 0 and variance 1 (Box and Muller, 1958; takes four draws).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>The numbers that order the samples of an epoch; apart from every sample's own.</summary>
    internal static SampleRandom OfEpoch(long seed, int epoch) => new(seed, epoch, EpochStream, true);

    internal static (uint A, uint B, uint C, uint D) Philox((uint A, uint B, uint C, uint D) counter, (uint A, uint B) key)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var first = 0xD2511F53ul * counter.A;
            var second = 0xCD9E8D57ul * counter.C;
            counter = ((uint)(second >> 32) ^ counter.B ^ key.A, (uint)second, (uint)(first >> 32) ^ counter.D ^ key.B, (uint)first);
            key = (key.A + 0x9E3779B9u, key.B + 0xBB67AE85u);
        }

        return counter;
    }
}
