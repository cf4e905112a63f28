using DeepTricks.Backbones;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

/// <summary>Groups of parameters whose learning rates fall towards the image.</summary>
public sealed class DiscriminativeLearningRatesTests
{
    [Fact]
    public void Sgd_OfABackbone_DecaysTheRateByStage()
    {
        using var model = new ResNet(ResNetOptions.ResNet18 with { NumClasses = 3 });

        using var optimizer = optim.SGD(DiscriminativeLearningRates.Sgd(model, 0.1, 0.5), 0.1, momentum: 0.9);

        Assert.Equal([0.003125, 0.00625, 0.0125, 0.025, 0.05, 0.1], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal(model.parameters(), optimizer.parameters());
    }

    [Fact]
    public void Sgd_AfterFreezing_LeavesTheFrozenStagesOutAndKeepsTheOtherRates()
    {
        using var model = new ResNet(ResNetOptions.ResNet18 with { NumClasses = 3 });
        model.Freeze(4);

        var groups = DiscriminativeLearningRates.Sgd(model, 1);

        Assert.Equal([1 / 2.6, 1], groups.Select(group => group.Options.LearningRate!.Value));
        Assert.Equal(model.Stages[4].Parameters, groups[0].Parameters);
    }

    [Fact]
    public void Step_WithGroups_MovesEachStageByItsRate()
    {
        using var scope = NewDisposeScope();
        Parameter[] stages = [new(zeros(2)), new(zeros(2))];
        using var optimizer = optim.SGD(DiscriminativeLearningRates.Sgd(stages.Select(stage => new[] { stage }), 0.1, 0.25), 123);

        stages.Aggregate(zeros(2), (sum, stage) => sum + stage).sum().backward();
        optimizer.step();

        Assert.Equal([-0.025f, -0.1f], stages.Select(stage => stage[0].item<float>()));
    }

    [Fact]
    public void AdamW_WithGroups_MovesEachStageByItsRate()
    {
        using var scope = NewDisposeScope();
        Parameter[] stages = [new(ones(2)), new(ones(2))];
        using var optimizer = optim.AdamW(DiscriminativeLearningRates.AdamW(stages.Select(stage => new[] { stage }), 0.1, 0.25), 123);

        stages.Aggregate(zeros(2), (sum, stage) => sum + stage).sum().backward();
        optimizer.step();

        // The first step of Adam is the rate itself.
        Assert.Equal([0.975, 0.9], stages.Select(stage => Math.Round(stage[0].item<float>(), 4)));
    }

    [Fact]
    public void Sgd_OfWhatCannotLearn_IsRefused()
    {
        using var model = new ResNet(ResNetOptions.ResNet18 with { NumClasses = 3 });
        var twice = model.Stages.Concat(model.Stages).Select(stage => stage.Parameters);

        Assert.Throws<ArgumentOutOfRangeException>(() => DiscriminativeLearningRates.Sgd(model, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DiscriminativeLearningRates.AdamW(model, 0.1, 1.5));
        Assert.Throws<ArgumentException>(() => DiscriminativeLearningRates.Sgd(twice, 0.1));
        model.Freeze(model.Stages.Count);
        Assert.Throws<ArgumentException>(() => DiscriminativeLearningRates.Sgd(model, 0.1));
    }
}
