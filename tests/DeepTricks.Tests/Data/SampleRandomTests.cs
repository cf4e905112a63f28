using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class SampleRandomTests
{
    // The known answers of Random123 (kat_vectors), the implementation that the paper's authors published.
    [Theory]
    [InlineData(0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, "6627e8d5e169c58dbc57ac4c9b00dbd8")]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, "408f276d41c83b0ea20bc7c66d5451fd")]
    [InlineData(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, "d16cfe0994fdcceb5001e42024126ea1")]
    public void Philox_KnownInput_GivesThePublishedBlock(uint a, uint b, uint c, uint d, uint keyA, uint keyB, string expected)
    {
        var block = SampleRandom.Philox((a, b, c, d), (keyA, keyB));

        Assert.Equal(expected, $"{block.A:x8}{block.B:x8}{block.C:x8}{block.D:x8}");
    }

    [Fact]
    public void NextUInt32_SameKey_GivesTheSameNumbersWhateverElseWasDrawn()
    {
        var first = new SampleRandom(7, 2, 41);
        var other = new SampleRandom(7, 2, 42);
        var again = new SampleRandom(7, 2, 41);

        for (var i = 0; i < 20; i++)
        {
            var expected = first.NextUInt32();
            Assert.NotEqual(expected, other.NextUInt32());
            Assert.Equal(expected, again.NextUInt32());
        }
    }

    [Fact]
    public void NextUInt64_EachPartOfTheKey_ChangesTheNumbers()
    {
        ulong[] firsts =
        [
            new SampleRandom(1, 0, 0).NextUInt64(), new SampleRandom(2, 0, 0).NextUInt64(), new SampleRandom(1, 1, 0).NextUInt64(),
            new SampleRandom(1, 0, 1).NextUInt64(), new SampleRandom(1, 0, 1L << 32).NextUInt64(), new SampleRandom(1L << 32, 0, 0).NextUInt64(),
            new SampleRandom(-1, 0, 0).NextUInt64(), SampleRandom.OfEpoch(1, 0).NextUInt64(),
        ];

        Assert.Equal(firsts.Length, firsts.Distinct().Count());
    }

    [Fact]
    public void NextInt32_ManyDraws_AreUniform()
    {
        var random = new SampleRandom(3, 0, 0);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
        {
            counts[random.NextInt32(6)]++;
        }

        // Chi-squared with 5 degrees of freedom stays below 20.5 with probability 0.999.
        Assert.InRange(counts.Sum(count => (count - 10_000.0) * (count - 10_000.0) / 10_000), 0, 20.5);
    }

    [Fact]
    public void NextDoubleAndNormal_ManyDraws_HaveTheirMoments()
    {
        var random = new SampleRandom(5, 0, 0);
        var uniform = Enumerable.Range(0, 40_000).Select(_ => random.NextDouble()).ToArray();
        var normal = Enumerable.Range(0, 40_000).Select(_ => random.NextNormal()).ToArray();

        Assert.All(uniform, value => Assert.InRange(value, 0, 1));
        Assert.Equal(0.5, uniform.Average(), 0.01);
        Assert.Equal(1 / 12.0, uniform.Average(value => (value - 0.5) * (value - 0.5)), 0.003);
        Assert.Equal(0, normal.Average(), 0.03);
        Assert.Equal(1, normal.Average(value => value * value), 0.05);
    }

    [Fact]
    public void Constructor_NegativeEpochOrSample_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("epoch", () => new SampleRandom(0, -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("sample", () => new SampleRandom(0, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("exclusiveMaximum", () => new SampleRandom(0, 0, 0).NextInt32(0));
    }
}
