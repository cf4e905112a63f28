using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Suppression;

/// <summary>Suppression against torchvision's: equal scores, both branches of the batched one, and overlaps that are the threshold.</summary>
public sealed class NmsTests
{
    private static readonly GoldenFile File = GoldenFile.Read("detection/nms.json");

    public static TheoryData<string> Crowds => [.. File.Cases.Where(one => one.Has("count")).Select(one => one.Name)];

    public static TheoryData<string> Pairs => [.. File.Cases.Where(one => one.Has("pair")).Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Crowds))]
    public void Apply_Crowd_KeepsWhatTorchvisionKeeps(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (boxes, scores) = Crowd(one.Integer("count"), Given.Dtype(one));

        AssertKept(one["kept"], Nms.Apply(boxes, scores, one.Number("threshold")));
    }

    [Theory]
    [MemberData(nameof(Crowds))]
    public void Batched_Crowd_KeepsWhatTorchvisionKeeps(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (boxes, scores) = Crowd(one.Integer("count"), Given.Dtype(one));
        var classes = Golden.Integers("nms.classes", 4, one.Integer("count"));

        AssertKept(one["batched"], Nms.Batched(boxes, scores, classes, one.Number("threshold")));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Apply_OverlapAtTheThreshold_IsDecidedAsInTorchvision(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];

        var kept = Nms.Apply(Given.Rows(one, "pair", 4), tensor(new[] { 0.9f, 0.8f }), one.Number("threshold"));

        Assert.Equal(one.Integers("kept"), kept.data<long>().ToArray());
    }

    internal static (Tensor Boxes, Tensor Scores) Crowd(long count, ScalarType dtype)
    {
        var cluster = Golden.Integers("nms.cluster", 12, count).to(dtype).unsqueeze(1) * tensor(new[] { 37.0, 23.0 }, dtype);
        var centre = cluster + Golden.Tensor("nms.centre", [count, 2], 9, 0, dtype);
        var half = Golden.Tensor("nms.side", [count, 2], 12, 26, dtype) / 2;
        var scores = (Golden.Tensor("nms.scores", [count], dtype: dtype) * 40).round() / 40;
        return (cat([centre - half, centre + half], 1), scores);
    }

    private static void AssertKept(GoldenCase expected, Tensor kept)
    {
        var indices = kept.data<long>().ToArray();
        Assert.Equal(ScalarType.Int64, kept.dtype);
        Assert.Equal(expected.Integers("first"), indices.Take(20));
        Assert.Equal(expected.Integer("count"), indices.Length);
        Assert.Equal(expected.Integer("sum"), indices.Select((index, place) => index * (place + 1) % 1_000_003).Sum());
    }
}
