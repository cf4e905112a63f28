using DeepTricks.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

public sealed class ContrastSamplerTests
{
    [Fact]
    public void Draw_OneSampleInTwoBatches_IsTheSameInAStepAndAnotherInTheNext()
    {
        using var scope = NewDisposeScope();
        var sampler = ContrastSampler.Uniform(1000);
        var (alone, among) = (sampler.Draw([7], 50, seed: 1, step: 3), sampler.Draw([4, 7, 2], 50, seed: 1, step: 3));

        Assert.Equal([3, 51], among.shape);
        Assert.Equal([4, 7, 2], among.select(1, 0).data<long>().ToArray());
        Assert.True(alone[0].eq(among[1]).all().item<bool>());
        Assert.False(alone.eq(sampler.Draw([7], 50, seed: 1, step: 4)).all().item<bool>());
        Assert.False(alone.eq(sampler.Draw([7], 50, seed: 2, step: 3)).all().item<bool>());
        Assert.True(sampler.Draw([7], 50, new Generator(5)).eq(sampler.Draw([7], 50, new Generator(5))).all().item<bool>());
    }

    [Fact]
    public void Uniform_ManyDraws_AreEquallyLikely()
    {
        using var scope = NewDisposeScope();
        var counts = Counts(ContrastSampler.Uniform(8), 80_000, 8);

        Assert.All(counts, count => Assert.Equal(0.125, count, 0.005));
    }

    [Fact]
    public void Weighted_ManyDraws_AreAsLikelyAsTheWeights()
    {
        using var scope = NewDisposeScope();
        double[] weights = [1, 0, 5, 0.5, 3.5];
        var counts = Counts(ContrastSampler.Weighted(weights), 80_000, 5);

        Assert.Equal(0, counts[1]);
        for (var i = 0; i < weights.Length; i++)
        {
            Assert.Equal(weights[i] / 10, counts[i], 0.007);
        }
    }

    [Fact]
    public void OfOtherClasses_AsManyAsThereAre_AreAllOfThemOnce()
    {
        using var scope = NewDisposeScope();
        long[] labels = [0, 1, 2, 0, 1, 2, 0];
        var sampler = ContrastSampler.OfOtherClasses(labels);

        var drawn = sampler.Draw([3, 1], 4, seed: 1, step: 0);
        var more = sampler.Draw([3], 100, seed: 1, step: 0);

        Assert.Equal([1, 2, 4, 5], drawn[0].data<long>().ToArray()[1..].Order());
        Assert.Equal(4, drawn[1].data<long>().ToArray()[1..].Distinct().Count(i => labels[i] != 1));
        Assert.All(more[0].data<long>().ToArray()[1..], i => Assert.NotEqual(0, labels[i]));
    }

    [Fact]
    public void Make_WhatCannotBeDrawnFrom_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ContrastSampler.OfOtherClasses([1, 1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContrastSampler.Weighted([1, -1]));
        Assert.Throws<ArgumentException>(() => ContrastSampler.Weighted([0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContrastSampler.Uniform(0));
        Assert.Contains("none of 5", Assert.Throws<ArgumentException>(() => ContrastSampler.Uniform(5).Draw([5], 1, 1, 0)).Message);
    }

    private static double[] Counts(ContrastSampler sampler, int draws, int samples)
    {
        var numbers = sampler.Draw([0], draws, seed: 4, step: 0).data<long>().ToArray()[1..];
        return [.. Enumerable.Range(0, samples).Select(i => numbers.Count(number => number == i) / (double)draws)];
    }
}
