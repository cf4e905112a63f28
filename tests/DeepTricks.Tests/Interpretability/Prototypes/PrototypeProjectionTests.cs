using System.Text.Json;
using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>Projection, nearest patches and pruning against the authors' code. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class PrototypeProjectionTests
{
    // The distance of a patch to itself is rounding, 1e-6 or so, and the score falls by 1e4 of it there.
    private const double Noise = 0.05;

    public static IEnumerable<object[]> Cases => from name in new[] { "push.point", "push.patch", "push.any" } from batch in new[] { 5, 22, 1 } select new object[] { name, batch };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_InAnyBatches_FindsTheAuthorsPatchesAndBoxes(string name, int batch)
    {
        using var scope = NewDisposeScope();
        var expected = PrototypeFixture.File[name];
        using var model = PrototypeFixture.Network(PrototypeFixture.OptionsOf(expected));
        using var data = Images(expected);
        var options = new PrototypeSearchOptions { Preprocess = Halved, ClassSpecific = expected.Flag("own") };

        var sources = PrototypeProjection.Run(model, new BatchLoader(data, new() { BatchSize = batch, Shuffle = false }), options);

        var (boxes, fields) = (expected.Integers("boxes").Chunk(6).ToList(), expected.Integers("fields").Chunk(6).ToList());
        for (var prototype = 0; prototype < 12; prototype++)
        {
            var (source, box) = (sources[prototype], sources[prototype].Box);
            Assert.Equal(prototype, source.Prototype);
            Assert.Equal(prototype / 3, source.Class);
            Assert.Equal(boxes[prototype], new[] { source.Image, box.Top, box.Bottom, box.Left, box.Right, source.ImageClass });
            var seen = source.ReceptiveField;
            Assert.Equal(fields[prototype], new[] { source.Image, seen.Top, seen.Bottom, seen.Left, seen.Right, source.ImageClass });
        }

        expected.AssertEqual("prototypes", model.Prototypes);
        expected.AssertEqual("logits", model.call(Halved(data.Inputs)), 1e-3, Noise);
    }

    [Theory]
    [InlineData("push.point")]
    [InlineData("push.patch")]
    [InlineData("push.any")]
    public void Pruning_AfterAProjection_IsTheAuthors(string name)
    {
        using var scope = NewDisposeScope();
        var expected = PrototypeFixture.File[name];
        using var model = PrototypeFixture.Network(PrototypeFixture.OptionsOf(expected));
        using var data = Images(expected);
        var images = new BatchLoader(data, new() { BatchSize = 7, Shuffle = false });
        var search = new PrototypeSearchOptions { Preprocess = Halved, ClassSpecific = expected.Flag("own") };
        PrototypeProjection.Run(model, images, search);

        var nearest = NearestPatchSearch.Run(model, images, 6, search);
        Assert.Equal(expected.Integers("nearest"), nearest.SelectMany(patches => patches.Select(patch => patch.ImageClass)));
        Assert.All(nearest, patches => Assert.Equal(patches.OrderBy(patch => patch.Distance), patches));
        var pruned = expected["pruned"];
        var gone = PrototypePruning.Run(model, images, new() { Threshold = (int)pruned.Integer("threshold") }, search);

        Assert.Equal(pruned.Integers("gone").Select(prototype => (int)prototype), gone);
        pruned.AssertEqual("last_layer", model.LastLayer);
        pruned.AssertEqual("logits", model.call(Halved(data.Inputs)), 1e-3, Noise);
        Assert.Throws<ArgumentException>(() => PrototypePruning.Select(nearest, [0]));
    }

    [Fact]
    public void Run_AClassWithoutImages_NamesItAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network();
        var before = model.Prototypes.clone();
        using var data = new InMemoryDataset(Golden.Tensor("images", [6, 3, 12, 12]), tensor(new long[] { 0, 1, 1, 0, 1, 0 }));

        var exception = Assert.Throws<InvalidOperationException>(() => PrototypeProjection.Run(model, new BatchLoader(data)));

        Assert.Contains("2, 3", exception.Message, StringComparison.Ordinal);
        Assert.True(before.equal(model.Prototypes).all().item<bool>());
    }

    [Fact]
    public void Run_FeaturesThatAreNotFinite_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network();
        using var data = new InMemoryDataset(full(4, 3, 12, 12, float.NaN), arange(4));

        Assert.Contains("not finite", Assert.Throws<InvalidOperationException>(() => PrototypeProjection.Run(model, new BatchLoader(data))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ImagesThatAreNotSquare_HaveBoxesInside()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network(PrototypeFixture.Options with { PrototypeHeight = 2, PrototypeWidth = 3 });
        using var data = new InMemoryDataset(Golden.Tensor("images", [8, 3, 14, 30]), arange(8) % 4);

        foreach (var source in PrototypeProjection.Run(model, new BatchLoader(data, new() { Shuffle = false })))
        {
            Assert.InRange(source.Row, 0, 5);
            Assert.InRange(source.Column, 0, 12);
            Assert.True(source.Box is { Top: >= 0, Bottom: <= 14, Left: >= 0, Right: <= 30, Height: > 0, Width: > 0 });
            Assert.True(source.ReceptiveField is { Top: >= 0, Bottom: <= 14, Left: >= 0, Right: <= 30, Height: > 0, Width: > 0 });

            // The prototype is the patch now: in its image the least distance is 0, there.
            var maps = model.DistanceMaps(data.Inputs[source.Image].unsqueeze(0))[0, source.Prototype];
            Assert.Equal(0, maps[source.Row, source.Column].item<float>(), 1e-4);
        }
    }

    [Fact]
    public void Run_Twice_FindsThePatchesAgainAtDistanceZero()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network();
        using var data = new InMemoryDataset(Golden.Tensor("images", [8, 3, 12, 12]), arange(8) % 4);
        var images = new BatchLoader(data, new() { Shuffle = false });
        var first = PrototypeProjection.Run(model, images);
        var second = PrototypeProjection.Run(model, images);

        Assert.All(first, source => Assert.True(source.Distance > 0));
        Assert.All(second, source => Assert.Equal(0, source.Distance));
        Assert.Equal(first.Select(source => (source.Image, source.Row, source.Column)), second.Select(source => (source.Image, source.Row, source.Column)));
    }

    [Fact]
    public void Run_ANetworkInDouble_KeepsThePatchesToTheBit()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network();
        model.to(ScalarType.Float64);
        using var data = new InMemoryDataset(Golden.Tensor("images", [4, 3, 12, 12], dtype: ScalarType.Float64), arange(4));
        var source = PrototypeProjection.Run(model, new BatchLoader(data, new() { Shuffle = false }))[7];

        Assert.True(model.Features(data.Inputs)[source.Image, TensorIndex.Colon, source.Row, source.Column].equal(model.Prototypes[7].flatten()).all().item<bool>());
    }

    [Fact]
    public void Run_InTraining_PutsTheModesBackAndLeavesNoTensors()
    {
        using var model = PrototypeFixture.Network();
        model.train();
        using var data = new InMemoryDataset(Golden.Tensor("images", [8, 3, 12, 12]), arange(8) % 4);
        var images = new BatchLoader(data, new() { BatchSize = 3, PrefetchDepth = 0 });
        Step();
        var before = ProcessWide.LiveTensors();
        Step();

        Assert.Equal(before, ProcessWide.LiveTensors());
        Assert.True(model.training);

        void Step()
        {
            PrototypeProjection.Run(model, images, new() { Preprocess = Halved });
            NearestPatchSearch.Run(model, images, 2);
        }
    }

    [Fact]
    public void Add_WhatDoesNotFit_SaysWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network();
        using var projection = new PrototypeProjection(model);
        var features = zeros(2, 16, 4, 4);

        Assert.Throws<ArgumentException>(() => projection.Add(zeros(2, 5, 4, 4), zeros(2, ScalarType.Int64), [0, 1], 8, 8));
        Assert.Throws<ArgumentException>(() => projection.Add(features, zeros(2, ScalarType.Int64), [0], 8, 8));
        Assert.Throws<ArgumentException>(() => projection.Add(features, full([2], 4, ScalarType.Int64), [0, 1], 8, 8));
        Assert.Throws<ArgumentException>(() => projection.Add(features, zeros(2), [0, 1], 8, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NearestPatchSearch(model, 0));
        using var unlabelled = new InMemoryDataset(zeros(2, 3, 12, 12));
        Assert.Throws<ArgumentException>(() => PrototypeProjection.Run(model, new BatchLoader(unlabelled)));
    }

    [Fact]
    public void Sources_AsJson_ComeBack()
    {
        var source = new PrototypeSource
        {
            Prototype = 3,
            Class = 1,
            Image = 12,
            ImageClass = 1,
            Row = 2,
            Column = 5,
            Distance = 0.25,
            Box = new(1, 2, 3, 4),
            ReceptiveField = new(0, 9, 0, 8),
            Activation = new([1, 2, 3, 4, 5, 6], 2, 3),
        };
        var back = JsonSerializer.Deserialize<PrototypeSource>(JsonSerializer.Serialize(source))!;

        Assert.Equal(source with { Activation = back.Activation }, back);
        Assert.Equal(source.Activation.Values, back.Activation.Values);
        Assert.Equal(source.Activation.Box(20, 30), back.Activation.Box(20, 30));
    }

    private static Tensor Halved(Tensor images) => (images * 2) - 1;

    private static InMemoryDataset Images(GoldenCase one) =>
        new(Golden.Tensor($"{one.Name}.images", [22, 3, one.Integer("size"), one.Integer("size")], 0.5, 0.5), Golden.Integers($"{one.Name}.labels", 4, 22));
}
