using DeepTricks.Backbones;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

/// <summary>Stages, freezing, first weights, memory and bad input. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class BackboneTests
{
    [Theory]
    [InlineData("resnet50", new[] { "stem", "layer1", "layer2", "layer3", "layer4", "fc" })]
    [InlineData("vgg16_bn", new[] { "stage1", "stage2", "stage3", "stage4", "stage5", "classifier" })]
    [InlineData("densenet121", new[] { "stem", "denseblock1", "denseblock2", "denseblock3", "denseblock4", "classifier" })]
    [InlineData("mobilenet_v2", new[] { "stem", "stage1", "stage2", "stage3", "stage4", "last", "classifier" })]
    [InlineData("mobilenet_v3_small", new[] { "stem", "stage1", "stage2", "stage3", "stage4", "last", "classifier" })]
    public void Stages_OfABackbone_HoldEachParameterOnce(string name, string[] stages)
    {
        using var model = TorchvisionNames.Make(name, options => options with { Device = META });

        Assert.Equal(stages, model.Stages.Select(stage => stage.Name));
        Assert.Equal(model.parameters(), model.Stages.SelectMany(stage => stage.Parameters));
    }

    [Fact]
    public void Freeze_SomeStages_StopsTheirGradientsAndStatistics()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        model.Freeze(2);
        model.train();
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());

        model.call(Golden.Tensor("images", [2, 3, 32, 32])).sum().backward();

        Assert.All(model.named_parameters(), one => Assert.Equal(!IsFrozen(one.name), one.parameter.grad is not null));
        Assert.All(model.named_buffers(), one => Assert.Equal(IsFrozen(one.name), one.buffer.allclose(before[one.name], 0, 0)));
        Assert.True(model.training);

        static bool IsFrozen(string name) => name.StartsWith("conv1", StringComparison.Ordinal) || name.StartsWith("bn1", StringComparison.Ordinal) || name.StartsWith("layer1", StringComparison.Ordinal);
    }

    [Fact]
    public void Freeze_FewerStagesThanBefore_LetsTheRestLearnAgain()
    {
        using var model = Small();
        model.Freeze(6);
        Assert.All(model.parameters(), parameter => Assert.False(parameter.requires_grad));

        model.Freeze(0);

        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.All(model.modules(), module => Assert.True(module.training));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Freeze(7));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Freeze(-1));
    }

    [Fact]
    public void Train_OfAModelAroundAFrozenBackbone_LeavesItInEvaluation()
    {
        using var model = Small();
        model.Freeze(1);
        using var whole = nn.Sequential(("backbone", model), ("head", nn.Linear(10, 2)));

        whole.eval();
        whole.train();

        Assert.False(model.named_modules().Single(one => one.name == "bn1").module.training);
        Assert.True(model.named_modules().Single(one => one.name == "layer1.0.bn1").module.training);
    }

    [Fact]
    public void Constructor_WithAGenerator_DrawsTheSameWeightsAgain()
    {
        using var scope = NewDisposeScope();
        ResNetOptions Options() => ResNetOptions.ResNet18 with { NumClasses = 10, Generator = new Generator(7) };
        using var first = new ResNet(Options());
        using var second = new ResNet(Options());

        Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, 0, 0)));
    }

    [Theory]
    [InlineData("resnet18", "layer1.0.conv1.weight", 64 * 9)]
    [InlineData("densenet121", "features.denseblock1.denselayer1.conv2.weight", 128 * 9)]
    [InlineData("mobilenet_v2", "features.18.0.weight", 1280)]
    public void Constructor_FirstWeightsOfConvolutions_AreNormalByTorchvisionsFan(string name, string weight, long fan)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var model = TorchvisionNames.Make(name, options => options with { Generator = generator });
        var values = model.get_parameter(weight)!;

        // More than 36,000 numbers: the deviation is within a hundredth, and a normal distribution has a kurtosis of 3.
        var deviation = Math.Sqrt(2.0 / fan);
        Assert.Equal(deviation, values.std().item<float>(), deviation * 0.02);
        Assert.Equal(3, ((values / values.std()).pow(4)).mean().item<float>(), 0.15);
    }

    [Theory]
    [InlineData("resnet18", "fc")]
    [InlineData("densenet121", "classifier")]
    public void Constructor_FirstWeightsOfTheHead_AreUniformByItsFan(string name, string head)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var model = TorchvisionNames.Make(name, options => options with { Generator = generator });
        var (weight, bias) = (model.get_parameter($"{head}.weight")!, model.get_parameter($"{head}.bias")!);
        var bound = 1 / Math.Sqrt(weight.size(1));

        Assert.InRange(weight.abs().max().item<float>(), bound * 0.999, bound);
        Assert.Equal(bound / Math.Sqrt(3), weight.std().item<float>(), bound * 0.01);
        Assert.InRange(bias.abs().max().item<float>(), name == "resnet18" ? bound * 0.9 : 0, name == "resnet18" ? bound : 0);
    }

    [Fact]
    public void Constructor_ZeroInitResidual_StartsEachBranchAtZero()
    {
        using var model = new ResNet(ResNetOptions.ResNet18 with { ZeroInitResidual = true, NumClasses = 2 });

        Assert.All(model.named_parameters().Where(one => one.name.EndsWith("bn2.weight", StringComparison.Ordinal)), one => Assert.Equal(0, one.parameter.abs().max().item<float>()));
        Assert.Equal(1, model.get_parameter("layer1.0.bn1.weight")!.min().item<float>());
    }

    [Fact]
    public void Call_WithoutClasses_GivesThePooledFeatures()
    {
        using var scope = NewDisposeScope();
        using var model = new ResNet(ResNetOptions.ResNet18 with { NumClasses = 0 });

        Assert.Equal([2, 512], model.call(Golden.Tensor("images", [2, 3, 32, 32])).shape);
        Assert.DoesNotContain(model.state_dict().Keys, name => name.StartsWith("fc", StringComparison.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MobileNetV2(new() { NumClasses = 0 }));
    }

    [Fact]
    public void Call_OfAnotherShape_NamesIt()
    {
        using var scope = NewDisposeScope();
        using var model = Small();

        Assert.Contains("[2, 1, 8, 8]", Assert.Throws<ArgumentException>(() => model.call(zeros(2, 1, 8, 8))).Message, StringComparison.Ordinal);
        Assert.Contains("[3, 8, 8]", Assert.Throws<ArgumentException>(() => model.call(zeros(3, 8, 8))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResNetOptions { NumClasses = -1 });
        Assert.Throws<ArgumentException>(() => new ResNetOptions { Blocks = [1, 2, 3] });
        Assert.Throws<ArgumentException>(() => new ResNetOptions { ReplaceStrideWithDilation = [true] });
        Assert.Throws<ArgumentException>(() => new ResNet(ResNetOptions.ResNet18 with { Groups = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VggOptions { Dropout = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MobileNetV2Options { WidthMultiplier = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseNetOptions { GrowthRate = 0 });
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("densenet121")]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_small")]
    public void Call_InAStepOfTraining_KeepsTheLiveTensorsFlatAndTheInputAsItWas(string name)
    {
        using var model = TorchvisionNames.MakeForTraining(name);
        using var images = Golden.Tensor("images", [2, 3, 32, 32]);
        using var copy = images.clone();
        void Step()
        {
            using var logits = model.call(images);
            using var loss = logits.sum();
            loss.backward();
        }

        Step();
        var before = ProcessWide.LiveTensors();
        Step();
        Step();

        Assert.Equal(before, ProcessWide.LiveTensors());
        Assert.True(images.allclose(copy, 0, 0));
    }

    private static ResNet Small() => new(ResNetOptions.ResNet18 with { NumClasses = 10 });
}
