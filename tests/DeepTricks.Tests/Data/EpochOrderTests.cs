using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class EpochOrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Shuffled_AnyCount_IsAPermutation(int count) =>
        Assert.Equal(EpochOrder.Sequential(count), EpochOrder.Shuffled(count, 9, 3).Order());

    [Fact]
    public void Shuffled_SameSeedAndEpoch_IsTheSame() =>
        Assert.Equal(EpochOrder.Shuffled(100, 9, 3), EpochOrder.Shuffled(100, 9, 3));

    [Fact]
    public void Shuffled_OtherSeedOrEpoch_Differs()
    {
        var order = EpochOrder.Shuffled(100, 9, 3);

        Assert.NotEqual(order, EpochOrder.Shuffled(100, 9, 4));
        Assert.NotEqual(order, EpochOrder.Shuffled(100, 10, 3));
    }

    // The numbers of an independent implementation in Python, pinned so that a checkpoint of an earlier version goes on with the
    // batches that it would have had.
    [Fact]
    public void Shuffled_KnownSeed_GivesTheRecordedOrder() =>
        Assert.Equal([5, 6, 4, 8, 7, 3, 2, 0, 9, 1], EpochOrder.Shuffled(10, 1, 0));

    [Fact]
    public void Shuffled_ManyEpochs_PutsEachSampleEverywhere()
    {
        var counts = new int[4];
        for (var epoch = 0; epoch < 4000; epoch++)
        {
            counts[Array.IndexOf(EpochOrder.Shuffled(4, 11, epoch), 0L)]++;
        }

        // Chi-squared with 3 degrees of freedom stays below 16.3 with probability 0.999.
        Assert.InRange(counts.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000), 0, 16.3);
    }

    [Fact]
    public void Shuffled_NegativeArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => EpochOrder.Shuffled(-1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("epoch", () => EpochOrder.Shuffled(1, 0, -1));
    }
}
