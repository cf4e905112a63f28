using DeepTricks.Backbones;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

/// <summary>Features at layers of any model. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class FeatureExtractorTests
{
    [Fact]
    public void Extract_UnderNamesOfTheCaller_GivesWhatTheLayersReturned()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var extractor = new FeatureExtractor(model, new Dictionary<string, string> { ["body.1"] = "active", ["body.0"] = "linear" });
        var images = Golden.Tensor("x", [2, 3]);

        var features = extractor.Extract(images);

        var linear = Layer(model, "body.0").call(images);
        Assert.Equal(["active", "linear"], features.Keys);
        AssertSame(linear, features["linear"]);
        AssertSame(linear.relu(), features["active"]);
        AssertSame(model.call(images), features.Output);
    }

    [Fact]
    public void Extract_BeforeAnActivationInPlace_KeepsTheCopyAndNotTheAlias()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var copies = new FeatureExtractor(model, "body.0");
        using var aliases = new FeatureExtractor(model, [KeyValuePair.Create("body.0", "body.0")], new() { Copy = false });
        using var _ = no_grad();
        var images = Golden.Tensor("x", [2, 3]);

        Assert.True(copies.Extract(images)["body.0"].min().item<float>() < 0);
        Assert.True(aliases.Extract(images)["body.0"].min().item<float>() >= 0);
    }

    [Fact]
    public void Extract_OfStagesWithoutCopies_EqualsThatWithCopies()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new ResNet(ResNetOptions.ResNet18);
        model.eval();
        string[] layers = ["layer1", "layer2", "layer3", "layer4"];
        using var copies = new FeatureExtractor(model, layers);
        using var aliases = new FeatureExtractor(model, layers.ToDictionary(layer => layer), new() { Copy = false });
        var images = Golden.Tensor("images", [1, 3, 40, 40]);
        var before = images.clone();

        var (copied, aliased) = (copies.Extract(images), aliases.Extract(images));

        foreach (var layer in layers) AssertSame(copied[layer], aliased[layer]);
        AssertSame(before, images);
    }

    [Fact]
    public void Extract_WithGradients_LetsThemFlowThroughTheFeatures()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var extractor = new FeatureExtractor(model, "body.0");

        var features = extractor.Extract(Golden.Tensor("x", [2, 3]));
        features["body.0"].sum().backward();

        AssertSame(full([4], 2f), Layer(model, "body.0").get_parameter("bias")!.grad!);
        Assert.True(model.get_parameter("head.bias")!.grad is null);
    }

    [Fact]
    public void Extract_AgainAndAgain_KeepsTheLiveTensorsFlat()
    {
        using var model = new ResNet(ResNetOptions.ResNet18 with { NumClasses = 3 });
        using var extractor = new FeatureExtractor(model, "conv1", "layer1.0.relu", "layer4");
        using var images = Golden.Tensor("images", [2, 3, 32, 32]);
        void Step()
        {
            using var features = extractor.Extract(images);
            using var loss = features["layer4"].sum();
            loss.backward();
        }

        Step();
        var before = ProcessWide.LiveTensors();
        for (var step = 0; step < 3; step++) Step();

        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Fact]
    public void Extract_WhereTheModelFails_LeavesNothingAndWorksAgain()
    {
        using var model = Model();
        using var extractor = new FeatureExtractor(model, "body.0");
        using var wrong = Golden.Tensor("wrong", [2, 5]);
        using var right = Golden.Tensor("x", [2, 3]);
        var before = ProcessWide.LiveTensors();

        Assert.ThrowsAny<Exception>(() => extractor.Extract(wrong));
        extractor.Extract(right).Dispose();

        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Fact]
    public void Dispose_TakesTheHooksOff()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var extractor = new FeatureExtractor(model, "body.0");
        extractor.Dispose();

        Assert.Throws<InvalidOperationException>(() => extractor.Extract(Golden.Tensor("x", [2, 3])));
    }

    [Fact]
    public void Constructor_AnUnknownLayer_NamesTheLayersThereAre()
    {
        using var model = Model();

        var exception = Assert.Throws<ArgumentException>(() => new FeatureExtractor(model, "head", "tail"));

        Assert.Contains("'tail'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("body.0", exception.Message, StringComparison.Ordinal);
        Assert.Equal("layers", exception.ParamName);
    }

    [Fact]
    public void Constructor_ALayerOfTwoInputs_IsRefusedByName()
    {
        using var model = new TwoInputs();

        var exception = Assert.Throws<ArgumentException>(() => new FeatureExtractor(model, "pair"));

        Assert.Contains("'pair'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoLayerOrOneTwice_IsRefused()
    {
        using var model = Model();

        Assert.Throws<ArgumentException>(() => new FeatureExtractor(model, Array.Empty<string>()));
        Assert.Throws<ArgumentException>(() => new FeatureExtractor(model, "head", "head"));
    }

    private static nn.Module<Tensor, Tensor> Model() =>
        Golden.Fill(nn.Sequential(("body", nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace: true))), ("head", nn.Linear(4, 2))));

    private static nn.Module<Tensor, Tensor> Layer(nn.Module model, string name) =>
        (nn.Module<Tensor, Tensor>)model.named_modules().Single(one => one.name == name).module;

    private static void AssertSame(Tensor expected, Tensor actual) => Assert.True(expected.shape.SequenceEqual(actual.shape) && expected.allclose(actual, 0, 0));

    private sealed class TwoInputs : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Bilinear pair = nn.Bilinear(2, 2, 1);

        internal TwoInputs() : base(nameof(TwoInputs)) => RegisterComponents();

        public override Tensor forward(Tensor input) => pair.call(input, input);
    }
}
