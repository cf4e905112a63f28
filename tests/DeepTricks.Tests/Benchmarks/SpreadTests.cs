using DeepTricks.Benchmarks.Measuring;

namespace DeepTricks.Tests.Benchmarks;

public class SpreadTests
{
    [Fact]
    public void Of_OddCount_TakesTheMiddleAndTheQuartiles() => Assert.Equal(new Spread(2, 3, 4), Spread.Of([5, 1, 4, 2, 3]));

    [Fact]
    public void Of_EvenCount_Interpolates() => Assert.Equal(new Spread(1.75, 2.5, 3.25), Spread.Of([4, 1, 3, 2]));

    [Fact]
    public void Of_OneNumber_IsThatNumber() => Assert.Equal(new Spread(7, 7, 7), Spread.Of([7]));

    [Fact]
    public void Of_Nothing_Throws() => Assert.Throws<ArgumentException>(() => Spread.Of([]));
}
