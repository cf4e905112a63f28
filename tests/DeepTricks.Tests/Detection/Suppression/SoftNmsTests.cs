using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Suppression;

/// <summary>Soft suppression against the paper's algorithm written in numpy.</summary>
public sealed class SoftNmsTests
{
    private static readonly GoldenFile File = GoldenFile.Read("detection/soft-nms.json");

    public static IEnumerable<object[]> Names => File.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Soft_Crowd_GivesTheBoxesAndScoresOfThePaper(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (boxes, scores) = NmsTests.Crowd(one.Integer("count"), ScalarType.Float32);
        var classes = one.Flag("classes") ? Golden.Integers("nms.classes", 4, one.Integer("count")) : null;

        var (kept, lowered) = Nms.Soft(boxes, (scores + 1) / 2, new() { Method = Enum.Parse<SoftNmsMethod>(one.Text("method")) }, classes);

        Assert.Equal(one.Integers("kept"), kept.data<long>().ToArray());
        Assert.Equal(ScalarType.Float32, lowered.dtype);
        Assert.Equal(one.Numbers("scores"), lowered.data<float>().ToArray().Select(score => (double)score), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Soft_NothingOverlaps_SortsByScore()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor(new float[,] { { 0, 0, 1, 1 }, { 5, 5, 6, 6 }, { 9, 9, 10, 10 } });

        var (kept, lowered) = Nms.Soft(boxes, tensor(new[] { 0.2f, 0.9f, 0.0005f }));

        Assert.Equal([1, 0], kept.data<long>().ToArray());
        Assert.Equal([0.9f, 0.2f], lowered.data<float>().ToArray());
    }

    [Fact]
    public void SoftNmsOptions_WhatMakesNoSense_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftNmsOptions { Sigma = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftNmsOptions { IouThreshold = 1.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftNmsOptions { ScoreThreshold = double.NaN });
    }
}
