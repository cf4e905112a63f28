using DeepTricks.Backbones;
using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>Stages, freezing, dropout, memory and bad input of the networks. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class RefineNetTests
{
    [Theory]
    [InlineData("rf50", new[] { "stem", "layer1", "layer2", "layer3", "layer4", "decoder" })]
    [InlineData("rf_lw50", new[] { "stem", "layer1", "layer2", "layer3", "layer4", "decoder" })]
    [InlineData("rf_lw_mbv2", new[] { "layer1", "layer2", "layer3", "layer4", "layer5", "layer6", "layer7", "layer8", "decoder" })]
    public void Stages_OfANetwork_HoldEachParameterOnce(string name, string[] stages)
    {
        using var model = RefineNetFixtureTests.Make(name, 21, META);

        Assert.Equal(stages, model.Stages.Select(stage => stage.Name));
        Assert.Equal(model.parameters(), model.Stages.SelectMany(stage => stage.Parameters));
    }

    [Fact]
    public void Train_WithFrozenStages_LeavesThemInEvaluation()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        model.Backbone.Freeze(2);
        using var whole = nn.Sequential(("network", model), ("softmax", nn.Softmax(1)));
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());

        whole.eval();
        whole.train();
        whole.call(Golden.Tensor("images", [2, 3, 32, 32])).pow(2).sum().backward();

        Assert.All(model.named_parameters(), one => Assert.Equal(!IsFrozen(one.name), one.parameter.grad is not null));
        Assert.All(model.named_buffers(), one => Assert.Equal(IsFrozen(one.name), one.buffer.allclose(before[one.name], 0, 0)));
        Assert.Equal(model.state_dict().Keys.Select(name => $"network.{name}"), whole.state_dict().Keys);

        static bool IsFrozen(string name) => name.StartsWith("conv1.", StringComparison.Ordinal) || name.StartsWith("bn1.", StringComparison.Ordinal) || name.StartsWith("layer1.", StringComparison.Ordinal);
    }

    [Fact]
    public void DiscriminativeLearningRates_OfTheStages_LeaveOutTheFrozen()
    {
        using var model = Small();
        model.Backbone.Freeze(3);

        var groups = DiscriminativeLearningRates.Sgd(model.Stages.Select(stage => stage.Parameters), 0.01, 0.1);

        Assert.Equal([0.0001, 0.001, 0.01], groups.Select(group => group.Options!.LearningRate!.Value), new Within(1e-12));
    }

    [Fact]
    public void Call_InTraining_DropsFeaturesAndInEvaluationDoesNot()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new RefineNet(new() { NumClasses = 2, Backbone = SmallResNet() with { NormLayer = channels => new FrozenBatchNorm2d(channels) } });
        var images = Golden.Tensor("images", [1, 3, 32, 32]);

        Assert.False(model.call(images).allclose(model.call(images)));
        model.eval();
        Assert.True(model.call(images).allclose(model.call(images), 0, 0));
    }

    [Fact]
    public void Call_OnABasicResNetWithDilation_GivesLogitsOfAQuarterOfTheSize()
    {
        using var scope = NewDisposeScope();
        using var basic = new RefineNet(new() { NumClasses = 3, Backbone = ResNetOptions.ResNet18 });
        using var dilated = new LightWeightRefineNet(new() { NumClasses = 3, Backbone = SmallResNet() with { ReplaceStrideWithDilation = [false, true, true] } });
        basic.eval();
        dilated.eval();

        Assert.Equal([1, 3, 9, 12], basic.call(Golden.Tensor("images", [1, 3, 33, 47])).shape);
        Assert.Equal([1, 3, 9, 12], dilated.call(Golden.Tensor("images", [1, 3, 33, 47])).shape);
    }

    [Fact]
    public void Constructor_WithAGenerator_DrawsTheSameWeightsAgain()
    {
        using var scope = NewDisposeScope();
        LightWeightRefineNet Make() => new(new() { NumClasses = 2, Backbone = SmallResNet() with { Generator = new Generator(7) } });
        using var first = Make();
        using var second = Make();

        Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, 0, 0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Call_InAStepOfTraining_KeepsTheLiveTensorsFlatAndTheInputAsItWas(bool mobile)
    {
        using RefinementNetwork model = mobile ? new MobileRefineNet(new() { NumClasses = 2 }) : new RefineNet(new() { NumClasses = 2, Backbone = SmallResNet() });
        using var images = Golden.Tensor("images", [2, 3, 40, 32]);
        using var copy = images.clone();
        void Run()
        {
            using var logits = model.call(images);
            using var loss = logits.sum();
            loss.backward();
            using var _ = no_grad();
            using var again = model.call(images);
        }

        Run();
        var before = ProcessWide.LiveTensors();
        Run();
        Run();

        Assert.Equal(before, ProcessWide.LiveTensors());
        Assert.True(images.allclose(copy, 0, 0));
    }

    [Fact]
    public void Call_OfAnotherShapeOrType_NamesIt()
    {
        using var scope = NewDisposeScope();
        using var model = Small();

        Assert.Contains("[2, 1, 8, 8]", Assert.Throws<ArgumentException>(() => model.call(zeros(2, 1, 8, 8))).Message, StringComparison.Ordinal);
        Assert.Contains("[3, 8, 8]", Assert.Throws<ArgumentException>(() => model.call(zeros(3, 8, 8))).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 3, 8, 0]", Assert.Throws<ArgumentException>(() => model.call(zeros(1, 3, 8, 0))).Message, StringComparison.Ordinal);
        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => model.call(zeros([1, 3, 8, 8], ScalarType.Float64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RefineNetOptions { NumClasses = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RefineNetOptions { Dropout = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LightWeightRefineNetOptions { Dropout = -0.1 });
        Assert.Throws<ArgumentNullException>(() => new LightWeightRefineNetOptions { Backbone = null! });
        Assert.Throws<ArgumentNullException>(() => new MobileRefineNetOptions { Backbone = null! });
    }

    private static ResNetOptions SmallResNet() => new() { Blocks = [1, 1, 1, 1], WidthPerGroup = 8 };

    private static LightWeightRefineNet Small() => new(new() { NumClasses = 2, Backbone = SmallResNet() });

    private sealed class Within(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
