using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

public sealed class PresenceGateTests
{
    [Fact]
    public void Soft_AnyLogits_IsTheProductOfTheProbabilities()
    {
        using var scope = NewDisposeScope();
        var (map, presence) = (Double("map", 6, 2, 3, 4, 5), Double("presence", 4, 2, 1));

        var gated = PresenceGate.Soft(map, presence);

        Assert.True(gated.sigmoid().allclose(map.sigmoid() * presence.sigmoid().view(2, 1, 1, 1), 1e-12, 1e-12));
    }

    [Fact]
    public void Soft_PresenceUnlikely_LeavesNoPixelAboveAHalf()
    {
        using var scope = NewDisposeScope();
        var gated = PresenceGate.Soft(full([1, 1, 2, 2], 30f), tensor(new[] { -0.1f }, [1, 1]));

        Assert.True(gated.max().item<float>() < 0);
    }

    [Theory]
    [InlineData(200, 200)]
    [InlineData(200, -200)]
    [InlineData(-200, -200)]
    [InlineData(-60, 90)]
    public void Soft_LargeLogits_StaysFiniteAndSoDoItsGradients(float map, float presence)
    {
        using var scope = NewDisposeScope();
        Tensor[] given = [full([1, 1, 1, 1], map).requires_grad_(), full([1, 1], presence).requires_grad_()];

        var gated = PresenceGate.Soft(given[0], given[1]);

        Assert.Equal(-Math.Log(Math.Exp(-map) + Math.Exp(-presence) + Math.Exp(-map - presence)), gated.item<float>(), 1e-3);
        Assert.All(Golden.Gradients(gated, given), gradient => Assert.True(float.IsFinite(gradient!.sum().item<float>())));
    }

    [Fact]
    public void Soft_DoublePrecision_HasTheGradientOfFiniteDifferences()
    {
        const double Step = 1e-6;
        using var scope = NewDisposeScope();
        Tensor[] given = [Double("map", 3, 2, 1, 2, 2).requires_grad_(), Double("presence", 3, 2, 1).requires_grad_()];
        var gradients = Golden.Gradients(PresenceGate.Soft(given[0], given[1]), given);
        using var ungraded = no_grad();
        var cotangent = Golden.Tensor("cotangent0", [2, 1, 2, 2], dtype: ScalarType.Float64);
        double Value() => (PresenceGate.Soft(given[0], given[1]) * cotangent).sum().item<double>();

        foreach (var (one, gradient) in given.Zip(gradients))
        {
            var (flat, expected) = (one.view(-1), gradient!.reshape(-1));
            for (var i = 0; i < flat.numel(); i++)
            {
                flat[i].add_(Step);
                var above = Value();
                flat[i].sub_(2 * Step);
                var below = Value();
                flat[i].add_(Step);
                Assert.Equal((above - below) / (2 * Step), expected[i].item<double>(), 1e-8);
            }
        }
    }

    [Fact]
    public void Hard_OneImageOfTwo_KeepsItsLogitsAndZeroesTheOthers()
    {
        using var scope = NewDisposeScope();
        var map = Golden.Tensor("map", [2, 3, 4, 5]);

        var gated = PresenceGate.Hard(map, tensor(new[] { 0.1f, -0.1f }, [2, 1]));

        Assert.True(gated[0].equal(map[0]).all().item<bool>());
        Assert.Equal(0, gated[1].abs().max().item<float>());
    }

    [Fact]
    public void Gates_ShapesThatDoNotFit_AreRefused()
    {
        using var scope = NewDisposeScope();
        var map = zeros(2, 1, 4, 4);
        Assert.Equal("logits", Assert.Throws<ArgumentException>(() => PresenceGate.Soft(zeros(2, 4, 4), zeros(2, 1))).ParamName);
        Assert.Equal("presence", Assert.Throws<ArgumentException>(() => PresenceGate.Soft(map, zeros(2))).ParamName);
        Assert.Equal("presence", Assert.Throws<ArgumentException>(() => PresenceGate.Hard(map, zeros(1, 1))).ParamName);
        Assert.Equal("presence", Assert.Throws<ArgumentException>(() => PresenceGate.Hard(map, zeros(2, 2))).ParamName);
    }

    private static Tensor Double(string name, double scale, params long[] shape) => Golden.Tensor(name, shape, scale, dtype: ScalarType.Float64);
}
