using DeepTricks.Backbones;
using DeepTricks.Checkpoints;
using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>The network on the backbones and from the files of the authors. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class ProtoPNetTests
{
    public static IEnumerable<object[]> Architectures =>
        PrototypeFixture.File.Cases.Where(one => one.Name.StartsWith("architecture.", StringComparison.Ordinal)).Select(one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Architectures))]
    public void OnABackbone_NamesFieldsAndLogits_AreTheAuthors(string name)
    {
        using var scope = NewDisposeScope();
        var expected = PrototypeFixture.File[name];
        var kind = name["architecture.".Length..];
        var kernel = (int)expected.Integer("kernel");
        var options = PrototypeFixture.Options with { PrototypeChannels = 16, AddOnLayers = kind == "resnet18" ? AddOnLayers.Bottleneck : AddOnLayers.Regular };
        using var backbone = Backbone(kind);
        using var model = new ProtoPNet(backbone, options);

        Assert.Equal(
            expected["names"].Element.EnumerateArray().Select(entry => $"{entry[0].GetString()} [{string.Join(", ", entry[1].EnumerateArray())}]").Order(),
            model.state_dict().Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]").Order());
        var (rows, columns) = ReceptiveField.Behind(model.named_children().Single(child => child.name == "features").module);
        var field = rows.Through(kernel, 1, 0);
        Assert.Equal(expected.Numbers("field"), new[] { field.Jump, field.Size, field.Start });
        Assert.Equal(rows, columns);
        foreach (var (place, seen) in expected["places"].Parts.Zip(expected["seen"].Parts))
        {
            var (at, box) = (place.Element.EnumerateArray().Select(one => one.GetInt32()).ToList(), seen.Element.EnumerateArray().Select(one => one.GetInt32()).ToList());
            Assert.Equal((box[0], box[1]), field.Of(at[0], 224));
            Assert.Equal((box[2], box[3]), field.Of(at[1], 224));
        }

        if (!expected.Has("logits")) return;
        using var ungraded = no_grad();
        var output = PrototypeFixture.Fill(model).Classify(Golden.Tensor($"{kind}.images", [2, 3, 64, 96]));
        expected.AssertEqual("least", output.Distances, 1e-3, 1e-4);
        expected.AssertEqual("logits", output.Logits, 1e-3, 1e-3);
    }

    [Fact]
    public void OnOtherBackbones_WithAHeadOrFrozenNorms_TakesTheirTrunk()
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var images = Golden.Tensor("images", [1, 3, 64, 96]);
        foreach (var (backbone, channels) in new (Backbone, long)[]
        {
            (new MobileNetV2(), 1280), (new DenseNet(new() { NumClasses = 0, NormLayer = count => new FrozenBatchNorm2d(count) }), 1024), (new ResNet(ResNetOptions.ResNet18), 512),
        })
        {
            using var model = new ProtoPNet(backbone, PrototypeFixture.Options);

            Assert.Equal([1L, 4], model.call(images).shape);
            Assert.Equal([1L, 12, 2, 3], model.DistanceMaps(images).shape);
            Assert.Equal(channels, model.get_parameter("add_on_layers.0.weight")!.size(1));
            Assert.DoesNotContain(model.state_dict().Keys, name => name.Contains("classifier", StringComparison.Ordinal) || name.Contains(".fc", StringComparison.Ordinal));
            backbone.Dispose();
        }
    }

    [Theory]
    [InlineData("protopnet.pth")]
    [InlineData("protopnet-module.pth")]
    public void Load_AFileOfTheAuthorsCode_GivesTheNetwork(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new ProtoPNet(PrototypeFixture.Features(), 8, PrototypeFixture.Options);
        using var expected = PrototypeFixture.Network();
        using var file = CheckpointFile.Open(GoldenFile.PathOf($"interpretability/{name}"));
        file.LoadInto(model);
        model.eval();

        var images = Golden.Tensor("files.images", [2, 3, 12, 12]);
        Assert.True(expected.call(images).equal(model.call(images)).all().item<bool>());
    }

    [Fact]
    public void Load_AFileOfAPrunedNetwork_FindsTheClassesOut()
    {
        using var scope = NewDisposeScope();
        var expected = PrototypeFixture.File["files"];
        using var file = CheckpointFile.Open(GoldenFile.PathOf("interpretability/protopnet-pruned.pth"));
        var options = ProtoPNetOptions.Of(file.Read("prototype_vectors"), file.Read("last_layer.weight"));
        using var model = new ProtoPNet(PrototypeFixture.Features(), 8, options);
        file.LoadInto(model);
        model.eval();

        Assert.Equal(expected.Integers("pruned_classes").Select(index => (int)index), model.PrototypeClasses);
        Assert.Equal(8, options.PrototypeClasses!.Count);
        expected.AssertEqual("logits", model.call(Golden.Tensor("files.images", [2, 3, 12, 12])));
    }

    [Fact]
    public void New_WithAGenerator_StartsAsTheAuthorsDo()
    {
        using var scope = NewDisposeScope();
        using var model = new ProtoPNet(PrototypeFixture.Features(), 64, PrototypeFixture.Options with { PrototypeChannels = 48, Generator = new Generator(5) });
        using var again = new ProtoPNet(PrototypeFixture.Features(), 64, PrototypeFixture.Options with { PrototypeChannels = 48, Generator = new Generator(5) });
        var first = model.get_parameter("add_on_layers.0.weight")!;

        // By fan out: 48 channels of 1 × 1.
        Assert.Equal(Math.Sqrt(2.0 / 48), first.std().item<float>(), 0.02);
        Assert.Equal(0, model.get_parameter("add_on_layers.2.bias")!.abs().sum().item<float>());
        Assert.Equal(0.5, model.Prototypes.mean().item<float>(), 0.05);
        Assert.True(model.get_parameter("ones")!.eq(1).all().item<bool>());
        Assert.False(model.get_parameter("ones")!.requires_grad);
        Assert.True(first.equal(again.get_parameter("add_on_layers.0.weight")!).all().item<bool>());
        Assert.True(model.Prototypes.equal(again.Prototypes).all().item<bool>());
        for (var prototype = 0; prototype < 12; prototype++)
            for (var index = 0; index < 4; index++)
                Assert.Equal(prototype / 3 == index ? 1 : -0.5, model.LastLayer[index, prototype].item<float>());
    }

    [Fact]
    public void New_WithBottleneck_HalvesTheChannels()
    {
        using var model = new ProtoPNet(PrototypeFixture.Features(), 50, PrototypeFixture.Options with { PrototypeChannels = 8, AddOnLayers = AddOnLayers.Bottleneck });

        Assert.Equal(["25,50", "25,25", "12,25", "12,12", "8,12", "8,8"],
            model.named_parameters().Where(one => one.name.StartsWith("add_on_layers", StringComparison.Ordinal) && one.parameter.dim() == 4).Select(one => $"{one.parameter.size(0)},{one.parameter.size(1)}"));
    }

    [Fact]
    public void New_WithUnequallyManyPrototypes_KnowsTheClassOfEach()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network(PrototypeFixture.Options with { PrototypeClasses = [3, 0, 3, 1, 3] });
        model.SetIncorrectStrength(0);

        Assert.Equal([3L, 0, 3, 1, 3], model.PrototypeClassTensor.data<long>().ToArray());
        Assert.Equal([0f, 1, 0, 0, 0], model.LastLayer[0].data<float>().ToArray());
        Assert.Equal([1f, 0, 1, 0, 1], model.LastLayer[3].data<float>().ToArray());
        Assert.DoesNotContain(model.state_dict().Keys, name => name.Contains("classes", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => PrototypeFixture.Network(PrototypeFixture.Options with { PrototypeClasses = [4] }));
        Assert.Throws<ArgumentException>(() => new ProtoPNetOptions { PrototypeClasses = [] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProtoPNetOptions { PrototypesPerClass = 0 });
    }

    [Theory]
    [InlineData(PrototypePhase.Warm, false, true)]
    [InlineData(PrototypePhase.Joint, true, true)]
    [InlineData(PrototypePhase.LastLayer, false, false)]
    public void SetPhase_LetsItsPartsLearn(PrototypePhase phase, bool features, bool prototypes)
    {
        using var model = PrototypeFixture.Network();
        model.SetPhase(phase);

        foreach (var (name, parameter) in model.named_parameters())
        {
            var part = name.Split('.')[0];
            Assert.Equal(part switch { "features" => features, "ones" => false, "last_layer" => true, _ => prototypes }, parameter.requires_grad);
        }
    }

    [Fact]
    public void Prune_TakesPrototypesAway_AndLeavesTheOthersLogits()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network();
        var images = Golden.Tensor("images", [3, 3, 10, 14]);
        var (_, distances) = model.Classify(images);
        var scores = model.Similarity.Compute(distances);
        foreach (var prototype in new[] { 1, 2, 11 }) scores[TensorIndex.Colon, prototype] = 0;
        var expected = nn.functional.linear(scores, model.LastLayer);

        model.Prune([11, 1, 2, 1]);

        Assert.True(expected.allclose(model.call(images), 1e-4, 1e-4));
        Assert.Equal([0, 1, 1, 1, 2, 2, 2, 3, 3], model.PrototypeClasses);
        Assert.Equal([9L, 16, 1, 1], model.state_dict()["prototype_vectors"].shape);
        Assert.Equal([9L, 16, 1, 1], model.state_dict()["ones"].shape);
        Assert.Equal([4L, 9], model.state_dict()["last_layer.weight"].shape);
        Assert.Contains(model.parameters(), parameter => ReferenceEquals(parameter, model.Prototypes));
        model.Prune([]);
        Assert.Throws<ArgumentException>(() => model.Prune([9]));
        Assert.Throws<ArgumentException>(() => model.Prune(Enumerable.Range(0, 9)));
        Assert.Equal(9, model.PrototypeClasses.Count);
    }

    [Fact]
    public void To_AnotherType_MovesEverything()
    {
        using var scope = NewDisposeScope();
        using var model = PrototypeFixture.Network();
        var images = Golden.Tensor("images", [2, 3, 12, 12]);
        var expected = model.call(images);
        model.to(ScalarType.Float64);

        Assert.True(model.call(images.to(ScalarType.Float64)).to(ScalarType.Float32).allclose(expected, 1e-4, 1e-4));
        Assert.Equal(ScalarType.Int64, model.PrototypeClassTensor.dtype);
    }

    [Fact]
    public void Train_OnAFrozenBackbone_LeavesItsStagesInEvaluation()
    {
        using var backbone = new ResNet(ResNetOptions.ResNet18 with { NumClasses = 0 });
        backbone.Freeze(2);
        using var model = new ProtoPNet(backbone, PrototypeFixture.Options);
        model.train();

        Assert.All(backbone.Stages.Take(2).SelectMany(stage => stage.Modules), module => Assert.False(module.training));
        Assert.True(backbone.Stages[2].Modules[0].training);
    }

    [Fact]
    public void Steps_LeaveNoTensors()
    {
        using var model = PrototypeFixture.Network();
        using var images = Golden.Tensor("images", [2, 3, 12, 12]);
        using var labels = Golden.Integers("labels", 4, 2);
        ProcessWide.AssertFlat(Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            var (logits, distances) = model.Classify(images);
            var classes = model.PrototypeClassTensor;
            (logits.sum() + PrototypeCosts.Cluster(distances, labels, classes) - PrototypeCosts.Separation(distances, labels, classes)
                + PrototypeCosts.Sparsity(model.LastLayer, classes) + PrototypeCosts.Cluster(distances)).backward();
            model.call(images);
            model.DistanceMaps(images);
            PrototypeCosts.AverageSeparation(distances, labels, classes);
            foreach (var parameter in model.parameters()) parameter.grad = null;
        }
    }

    private static Backbone Backbone(string name) => name switch
    {
        "vgg11" => new Vgg(VggOptions.Vgg11 with { NumClasses = 0 }),
        "vgg19_bn" => new Vgg(VggOptions.Vgg19 with { BatchNorm = true, NumClasses = 0 }),
        "resnet18" => new ResNet(ResNetOptions.ResNet18),
        "resnet50" => new ResNet(ResNetOptions.ResNet50 with { NumClasses = 0 }),
        _ => new DenseNet(new() { NumClasses = 0 }),
    };
}
