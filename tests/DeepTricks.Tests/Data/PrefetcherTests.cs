using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class PrefetcherTests
{
    [Fact]
    public void TryTake_WholeSequence_GivesEveryItemInOrder()
    {
        using var prefetcher = new Prefetcher<Item>(Items(100), 3);

        var taken = new List<int>();
        while (prefetcher.TryTake(out var item))
        {
            taken.Add(item.Number);
        }

        Assert.Equal(Enumerable.Range(0, 100), taken);
        Assert.False(prefetcher.TryTake(out _));
    }

    [Fact]
    public void Constructor_SlowReader_MakesNoMoreThanTheDepthAndOne()
    {
        var made = 0;
        using var prefetcher = new Prefetcher<Item>(Items(100, onMake: _ => Interlocked.Increment(ref made)), 2);

        SpinWait.SpinUntil(() => Volatile.Read(ref made) >= 3, TimeSpan.FromSeconds(10));
        Thread.Sleep(50);

        Assert.Equal(3, Volatile.Read(ref made));
    }

    [Fact]
    public void TryTake_SequenceThatThrows_GivesTheItemsBeforeAndThenTheException()
    {
        using var prefetcher = new Prefetcher<Item>(Items(5, onMake: i => _ = i == 2 ? throw new FormatException("third") : i), 4);

        Assert.True(prefetcher.TryTake(out var first) && first.Number == 0);
        Assert.True(prefetcher.TryTake(out var second) && second.Number == 1);
        Assert.Equal("third", Assert.Throws<FormatException>(() => prefetcher.TryTake(out _)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Dispose_WithItemsLeft_StopsTheSequenceAndDisposesOfThem(int taken)
    {
        var items = new List<Item>();
        var ended = false;
        var prefetcher = new Prefetcher<Item>(Track(), 3);
        for (var i = 0; i < taken; i++)
        {
            Assert.True(prefetcher.TryTake(out _));
        }

        prefetcher.Dispose();

        Assert.True(ended);
        Assert.All(items, (item, i) => Assert.Equal(i >= taken, item.IsDisposed));

        IEnumerable<Item> Track()
        {
            try
            {
                foreach (var item in Items(1000))
                {
                    items.Add(item);
                    yield return item;
                }
            }
            finally
            {
                ended = true;
            }
        }
    }

    private static IEnumerable<Item> Items(int count, Action<int>? onMake = null)
    {
        for (var i = 0; i < count; i++)
        {
            onMake?.Invoke(i);
            yield return new(i);
        }
    }

    private sealed class Item(int number) : IDisposable
    {
        public int Number => number;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
