using System.Text.Json;
using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>The matcher, the sampler and the coder of boxes.</summary>
public sealed class MatchingTests
{
    public static IEnumerable<object[]> Matchers => PartsFixture.Of("matcher");

    public static IEnumerable<object[]> Coders => PartsFixture.Of("coder");

    [Theory]
    [MemberData(nameof(Matchers))]
    public void Match_OverlapsWithTies_GivesTorchvisionsObjects(string name)
    {
        using var scope = NewDisposeScope();
        var one = PartsFixture.Cases[name];
        var rows = one.Element.GetProperty("overlaps").Deserialize<float[][]>()!;
        var overlaps = tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

        var matches = new BoxMatcher(one.Number("high"), one.Number("low"), one.Flag("best")).Match(overlaps);

        Assert.Equal(one.Integers("matches"), matches.data<long>().ToArray());
    }

    [Fact]
    public void Match_OnTheThreshold_IsAMatch()
    {
        using var scope = NewDisposeScope();
        var matches = new BoxMatcher(0.75, 0.25).Match(tensor(new float[] { 0.75f, 0.25f, 0.2499f }, [1, 3]));

        Assert.Equal([0, BoxMatcher.Between, BoxMatcher.Background], matches.data<long>().ToArray());
    }

    [Fact]
    public void Matcher_BadArguments_Refuses()
    {
        Assert.Throws<ArgumentException>(() => new BoxMatcher(0.3, 0.7));
        Assert.Throws<ArgumentException>(() => new BoxMatcher(double.NaN, 0.1));
        Assert.Throws<ArgumentException>("overlaps", () => new BoxMatcher(0.5, 0.5).Match(zeros(0, 4)));
        Assert.Throws<ArgumentException>("overlaps", () => new BoxMatcher(0.5, 0.5).Match(zeros(4)));
    }

    [Theory]
    [InlineData(10, 90, 4, 4)]
    [InlineData(3, 90, 3, 5)]
    [InlineData(10, 2, 4, 2)]
    [InlineData(0, 90, 0, 8)]
    public void Sample_PositivesAndNegatives_TakesAtMostTheShareAndFillsUp(int positives, int negatives, int takenPositives, int takenNegatives)
    {
        using var scope = NewDisposeScope();
        var labels = cat([ones(positives) * 3, zeros(negatives), -ones(5)]);
        var sampler = new BalancedSampler(8, 0.5).DrawnBy(new(1));

        var (of, outside) = sampler.Sample(labels);

        Assert.Equal(takenPositives, of.size(0));
        Assert.Equal(takenNegatives, outside.size(0));
        var (drawnPositives, drawnNegatives) = (of.data<long>().ToArray(), outside.data<long>().ToArray());
        Assert.All(drawnPositives, index => Assert.InRange(index, 0, positives - 1));
        Assert.All(drawnNegatives, index => Assert.InRange(index, positives, positives + negatives - 1));
        Assert.Equal(drawnPositives.Order().Distinct(), drawnPositives);
        Assert.Equal(drawnNegatives.Order().Distinct(), drawnNegatives);
    }

    [Fact]
    public void Sample_SameSeed_DrawsTheSame()
    {
        using var scope = NewDisposeScope();
        long[] Draw(ulong seed) => new BalancedSampler(20, 0.5).DrawnBy(new(seed)).Sample(zeros(1000)).Negatives.data<long>().ToArray();

        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
    }

    [Theory]
    [MemberData(nameof(Coders))]
    public void Coder_EncodesAndDecodes_AsTorchvision(string name)
    {
        using var scope = NewDisposeScope();
        var one = PartsFixture.Cases[name];
        var weights = one.Numbers("weights");
        var coder = new BoxCoder { ShiftWeight = weights[0], ScaleWeight = weights[2] };
        var (from, to) = (PartsFixture.Boxes("from", 12), PartsFixture.Boxes("to", 12));
        var moves = Golden.Tensor("moves", [12, 4 * one.Integer("classes")], one.Number("scale")).requires_grad_();

        one.AssertEqual("encoded", coder.Encode(to, from));
        var decoded = coder.Decode(moves, from);
        one.AssertEqual("decoded", decoded);
        one.AssertGradients("gradients", decoded, [moves], 1e-4, 1e-5);
    }

    [Fact]
    public void Decode_WhatWasEncoded_GivesTheBoxesBack()
    {
        using var scope = NewDisposeScope();
        var coder = new BoxCoder { ShiftWeight = 10, ScaleWeight = 5 };
        var (from, to) = (PartsFixture.Boxes("a", 30).to(ScalarType.Float64), PartsFixture.Boxes("b", 30).to(ScalarType.Float64));

        Assert.True(coder.Decode(coder.Encode(to, from), from).squeeze(1).allclose(to, 1e-9, 1e-9));
    }

    [Fact]
    public void Coder_BadArguments_Refuses()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoxCoder { ShiftWeight = 0 });
        Assert.Throws<ArgumentException>("boxes", () => new BoxCoder().Encode(zeros(2, 4), zeros(2, 5)));
        Assert.Throws<ArgumentException>("targets", () => new BoxCoder().Encode(zeros(2, 4), zeros(3, 4)));
        Assert.Throws<ArgumentException>("codes", () => new BoxCoder().Decode(zeros(2, 6), zeros(2, 4)));
    }
}
