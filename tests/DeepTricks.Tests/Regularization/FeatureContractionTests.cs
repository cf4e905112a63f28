using DeepTricks.Regularization;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Regularization;

/// <summary>The penalty against the authors' formula in PyTorch, and the hooks that gather features. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class FeatureContractionTests
{
    private static readonly GoldenFile File = GoldenFile.Read("regularization/tricks.json");

    [Theory]
    [InlineData(FeatureKind.Input)]
    [InlineData(FeatureKind.Output)]
    public void Penalty_OfAllLayers_EqualsTheReferenceWithGradients(FeatureKind kind)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var contraction = new FeatureContraction(model, new() { Kind = kind });
        model.call(Golden.Tensor("fc.x", [5, 2, 6, 6]));

        var penalty = contraction.Penalty();

        var expected = File[$"fc.{kind.ToString().ToLowerInvariant()}"];
        expected.AssertEqual("out", penalty, 1e-5, 1e-6);
        expected.AssertGradients("gradients", penalty, [.. model.parameters()], 1e-5, 1e-6);
    }

    [Fact]
    public void Penalty_BeforeAnActivationInPlace_IsThatOfThePreActivations()
    {
        using var scope = NewDisposeScope();
        double Of(bool inplace)
        {
            using var model = Golden.Fill(nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace)));
            using var contraction = new FeatureContraction(model);
            model.call(Golden.Tensor("x", [5, 3]));
            return contraction.Penalty().item<float>();
        }

        Assert.Equal(Of(inplace: false), Of(inplace: true));
    }

    [Fact]
    public void Compute_OfFeatures_HasTheGradientWrittenByHand()
    {
        using var scope = NewDisposeScope();
        var z = Golden.Tensor("features", [3, 4]).requires_grad_();
        using var penalty = FeatureContraction.Compute([z, z * 2], 0.5);
        var gradient = autograd.grad([penalty], [z])[0];

        // 0.5 · (mean(z²) + mean(4 z²)) has the gradient 0.5 · 2 · 5 z / 12.
        Assert.Equal(2.5 * z.square().mean().item<float>(), penalty.item<float>(), 1e-6);
        Assert.True((gradient - (z * 5 / 12)).abs().max().item<float>() < 1e-6);
    }

    [Theory]
    [InlineData(new[] { "head.*" }, new[] { "head.first", "head.second" })]
    [InlineData(new[] { "*second", "body" }, new[] { "head.second", "body" })]
    [InlineData(new[] { "body", "b*" }, new[] { "body" })]
    [InlineData(new string[0], new[] { "body", "head.first", "head.second" })]
    public void Layers_ByPattern_AreThoseThatMatch(string[] patterns, string[] expected)
    {
        using var model = nn.Sequential(("body", nn.Linear(3, 3)), ("relu", nn.ReLU()),
            ("head", nn.Sequential(("first", nn.Linear(3, 3)), ("second", nn.Linear(3, 2)))));
        using var contraction = new FeatureContraction(model, new() { Layers = patterns });

        Assert.Equal(expected, contraction.Layers);
    }

    [Fact]
    public void Constructor_APatternThatMatchesNothing_NamesTheLayers()
    {
        using var model = Model();

        var exception = Assert.Throws<ArgumentException>(() => new FeatureContraction(model, new() { Layers = ["fc*"] }));

        Assert.Contains("fc*", exception.Message, StringComparison.Ordinal);
        Assert.Contains("3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_AModelWithoutLayers_IsRefused()
    {
        using var model = nn.Sequential(("relu", nn.ReLU()));

        Assert.Throws<ArgumentException>(() => new FeatureContraction(model));
    }

    [Fact]
    public void Penalty_WithoutAForwardPass_SaysSo()
    {
        using var model = Model();
        using var contraction = new FeatureContraction(model);

        Assert.Throws<InvalidOperationException>(contraction.Penalty);
        Assert.Throws<ArgumentException>(() => FeatureContraction.Compute([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureContractionOptions { Weight = -1 });
    }

    [Fact]
    public void Evaluation_KeepsNothing()
    {
        using var model = Model();
        using var input = Golden.Tensor("fc.x", [5, 2, 6, 6]);
        using var contraction = new FeatureContraction(model);
        model.eval();
        using (model.call(input))
        {
        }

        var before = ProcessWide.LiveTensors();
        using (model.call(input))
        {
        }

        Assert.Equal(before, ProcessWide.LiveTensors());
        Assert.Throws<InvalidOperationException>(contraction.Penalty);
    }

    [Fact]
    public void Penalty_OverManySteps_KeepsTheNumberOfTensors()
    {
        using var model = Model();
        using var input = Golden.Tensor("fc.x", [5, 2, 6, 6]);
        using var contraction = new FeatureContraction(model);
        void Step()
        {
            using var scope = NewDisposeScope();
            model.call(input);
            contraction.Penalty().backward();
        }

        ProcessWide.AssertFlat(Step);
    }

    [Fact]
    public void Dispose_EndsTheListening()
    {
        using var model = Model();
        using var input = Golden.Tensor("fc.x", [5, 2, 6, 6]);
        var contraction = new FeatureContraction(model);
        model.call(input).Dispose();

        contraction.Dispose();

        Assert.Throws<InvalidOperationException>(contraction.Penalty);
        using var output = model.call(input);
        Assert.Throws<InvalidOperationException>(contraction.Penalty);
    }

    private static nn.Module<Tensor, Tensor> Model() => Golden.Fill(nn.Sequential(
        ("0", nn.Conv2d(2, 3, 3)), ("1", nn.ReLU()), ("2", nn.Flatten()), ("3", nn.Linear(48, 7)), ("4", nn.ReLU()), ("5", nn.Linear(7, 4))));
}
