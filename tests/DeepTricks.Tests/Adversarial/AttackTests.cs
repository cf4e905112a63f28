using DeepTricks.Adversarial;
using DeepTricks.Data;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Adversarial;

/// <summary>Attacks against the same steps in PyTorch. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class AttackTests
{
    private static readonly GoldenFile File = GoldenFile.Read("regularization/tricks.json");
    private static readonly ProjectedGradientDescentOptions Steps = new() { Epsilon = 0.1, StepSize = 0.03, Steps = 7, RandomStart = false };

    [Fact]
    public void FastGradientSign_OnASeededModel_EqualsPyTorch()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (input, labels) = Data();

        File["fgsm"].AssertEqual("out", FastGradientSign.Attack(model, input, labels, new() { Epsilon = 0.1 }));
    }

    [Fact]
    public void ProjectedGradientDescent_OnASeededModel_EqualsPyTorch()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (input, labels) = Data();

        File["pgd"].AssertEqual("out", ProjectedGradientDescent.Attack(model, input, labels, Steps));
    }

    [Fact]
    public void ProjectedGradientDescent_WithARandomStart_StaysNearAndComesFromTheGenerator()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (input, labels) = Data();
        Tensor Attack(ulong seed) => ProjectedGradientDescent.Attack(
            model, input, labels, Steps with { RandomStart = true, Steps = 1 }, new Generator(seed));

        var moved = Attack(1);

        Assert.True((moved - input).abs().max().item<double>() <= 0.1 + 1e-12);
        Assert.True(moved.min().item<double>() >= 0 && moved.max().item<double>() <= 1);
        Assert.Equal(moved.data<double>().ToArray(), Attack(1).data<double>().ToArray());
        Assert.NotEqual(moved.data<double>().ToArray(), Attack(2).data<double>().ToArray());
    }

    [Fact]
    public void Attack_WithALossOfItsOwn_RaisesThatLoss()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (input, labels) = Data();
        static Tensor Loss(Tensor output, Tensor labels) => output.select(1, 0).sum();

        var moved = FastGradientSign.Attack(model, input, labels, new() { Epsilon = 0.01, Range = null }, Loss);

        model.eval();
        Assert.True(Loss(model.call(moved), labels).item<double>() > Loss(model.call(input), labels).item<double>());
        Assert.Equal(0.01, (moved - input).abs().max().item<double>(), 1e-9);
    }

    [Fact]
    public void Attack_WithALossThatDoesNotDependOnTheInput_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (input, labels) = Data();

        Assert.Throws<InvalidOperationException>(() => FastGradientSign.Attack(
            model, input, labels, loss: (_, _) => model.parameters().First().sum()));
    }

    [Fact]
    public void Attack_LeavesModesGradientsAndTensorsAsTheyWere()
    {
        using var model = Model();
        var (input, labels) = Data();
        model.train();
        var dropout = model.named_children().Single(child => child.name == "2").module;
        dropout.eval();
        using (model.call(input))
        {
        }

        var before = ProcessWide.LiveTensors();
        using (no_grad())
        {
            FastGradientSign.Attack(model, input, labels).Dispose();
            ProjectedGradientDescent.Attack(model, input, labels, Steps).Dispose();
        }

        Assert.True(model.training);
        Assert.False(dropout.training);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.grad is null));
        Assert.False(input.requires_grad);
        Assert.Equal(before, ProcessWide.LiveTensors());
        input.Dispose();
        labels.Dispose();
    }

    [Fact]
    public void RobustAccuracy_UnderAttack_IsNotAboveTheAccuracy()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (input, _) = Data();
        model.eval();
        var labels = model.call(input).argmax(1);
        using var dataset = new InMemoryDataset(input.clone(), labels);
        var source = new BatchLoader(dataset, new() { BatchSize = 4, Shuffle = false, PrefetchDepth = 0 });

        Assert.Equal(1, RobustAccuracy.Compute(model, source, (x, _) => x.alias()));
        Assert.True(RobustAccuracy.Compute(model, source, (x, y) => FastGradientSign.Attack(model, x, y, new() { Epsilon = 0.5 })) < 1);
    }

    [Fact]
    public void BadInput_IsRefusedWithItsName()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (input, labels) = Data();

        Assert.Equal("generator", Assert.Throws<ArgumentNullException>(() => ProjectedGradientDescent.Attack(model, input, labels)).ParamName);
        Assert.Equal("input", Assert.Throws<ArgumentException>(() => FastGradientSign.Attack(model, labels, labels)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => FastGradientSign.Attack(model, input, labels[..2])).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => FastGradientSign.Attack(model, input, labels + 3)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FastGradientSignOptions { Epsilon = -1 });
        Assert.Throws<ArgumentException>(() => new ProjectedGradientDescentOptions { Range = (1, 0) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProjectedGradientDescentOptions { Steps = 0 });
        Assert.True(model.training);
    }

    private static nn.Module<Tensor, Tensor> Model() => Golden.Fill(nn.Sequential(
        ("0", nn.Linear(8, 16, dtype: ScalarType.Float64)), ("1", nn.Tanh()), ("2", nn.Dropout(0.5)), ("3", nn.Linear(16, 3, dtype: ScalarType.Float64))));

    private static (Tensor Input, Tensor Labels) Data() =>
        (Golden.Tensor("attack.x", [6, 8], scale: 0.5, shift: 0.5, dtype: ScalarType.Float64), Golden.Integers("attack.labels", 3, 6));
}
