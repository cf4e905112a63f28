using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

public sealed class ClassTargetsTests
{
    [Fact]
    public void Uniform_GivesEveryClassItsShareAndTheRestToItself()
    {
        var targets = ClassTargets.Uniform(4, 0.2);

        Assert.Equal(0.85f, targets[2, 2], 1e-6f);
        Assert.Equal(0.05f, targets[2, 0], 1e-6f);
    }

    [Fact]
    public void FromHierarchy_GivesTheMassToSiblings()
    {
        // Two dogs and a third, two cats, and a car alone.
        var targets = ClassTargets.FromHierarchy([0, 0, 0, 1, 1, 2], 0.2);

        Assert.Equal([0.8f, 0.1f, 0.1f, 0, 0, 0], Row(targets, 0));
        Assert.Equal([0, 0, 0, 0.2f, 0.8f, 0], Row(targets, 4));
        Assert.Equal([0, 0, 0, 0, 0, 1], Row(targets, 5));
    }

    [Fact]
    public void FromHierarchy_Across_GivesAPartToStrangers()
    {
        var targets = ClassTargets.FromHierarchy([0, 0, 1, 1], 0.4, across: 0.5);

        var row = Row(targets, 1);
        Assert.Equal([0.2f, 0.6f, 0.1f, 0.1f], row.Select(value => MathF.Round(value, 6)));
    }

    [Fact]
    public void FromHierarchy_OneSuperclassForAll_KeepsDistributions()
    {
        var targets = ClassTargets.FromHierarchy([7, 7, 7], 0.3, across: 0.5);

        Assert.Equal(1, Row(targets, 0).Sum(), 1e-6f);
        Assert.Equal(0.7f, targets[0, 0], 1e-6f);
    }

    [Fact]
    public void FromMatrix_ATensorOnAnyTypeOrLayout_HasItsValues()
    {
        using var table = tensor(new double[,] { { 0.8, 0.2 }, { 0, 1 } });
        using var turned = table.t();

        Assert.Equal(0.2f, ClassTargets.FromMatrix(table)[0, 1]);
        Assert.Throws<ArgumentException>(() => ClassTargets.FromMatrix(turned));
        using var whole = eye(2, dtype: ScalarType.Int64);
        Assert.Equal("table", Assert.Throws<ArgumentException>(() => ClassTargets.FromMatrix(whole)).ParamName);
    }

    public static TheoryData<string, float[,]> NoDistributions => new()
    {
        { "not square", new[,] { { 1f, 0f } } },
        { "empty", new float[0, 0] },
        { "sum below 1", new[,] { { 0.5f, 0.4f }, { 0f, 1f } } },
        { "negative", new[,] { { 1.5f, -0.5f }, { 0f, 1f } } },
        { "not a number", new[,] { { float.NaN, 0f }, { 0f, 1f } } },
    };

    [Theory]
    [MemberData(nameof(NoDistributions))]
    public void FromMatrix_WhatIsNoTableOfDistributions_IsRefused(string what, float[,] table)
    {
        var exception = Assert.Throws<ArgumentException>(() => ClassTargets.FromMatrix(table));

        Assert.True(exception.ParamName == "table", what);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Builders_AShareThatIsNone_IsRefused(double share)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassTargets.Uniform(3, share));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassTargets.FromHierarchy([0, 1], 0.1, share));
    }

    [Fact]
    public void ClassCosts_FromHierarchy_CostNothingWithinOrAcross()
    {
        var costs = ClassCosts.FromHierarchy([0, 0, 1], within: 1, across: 4);

        Assert.Equal((0f, 1f, 4f), (costs[0, 0], costs[0, 1], costs[0, 2]));
        Assert.Equal((4f, 4f, 0f), (costs[2, 0], costs[2, 1], costs[2, 2]));
    }

    [Fact]
    public void ClassCosts_WhatIsNoTableOfCosts_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ClassCosts.FromMatrix(new float[1, 2]));
        Assert.Throws<ArgumentException>(() => ClassCosts.FromMatrix(new[,] { { 0f, -1f }, { 1f, 0f } }));
        Assert.Throws<ArgumentException>(() => ClassCosts.FromMatrix(new[,] { { 0f, float.PositiveInfinity }, { 1f, 0f } }));
        Assert.Throws<ArgumentException>(() => ClassCosts.FromHierarchy([], 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassCosts.FromHierarchy([0, 1], -1, 2));
    }

    private static float[] Row(ClassTargets targets, int label) => [.. Enumerable.Range(0, targets.Classes).Select(c => targets[label, c])];
}
