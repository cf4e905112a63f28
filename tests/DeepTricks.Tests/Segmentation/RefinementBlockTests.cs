using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>The blocks' gradients, memory and bad input. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class RefinementBlockTests
{
    private const double Step = 1e-6;

    [Fact]
    public void ResidualConvUnit_ByFiniteDifferences_HasItsGradient()
    {
        using var module = Golden.Fill(new ResidualConvUnit(2, new() { Blocks = 2, Stages = 3 }).to(ScalarType.Float64));
        AssertGradient(Golden.Tensor("unit", [1, 2, 3, 4], dtype: ScalarType.Float64), input => ((nn.Module<Tensor, Tensor>)module).call(input));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChainedResidualPooling_ByFiniteDifferences_HasItsGradient(bool leadingRelu)
    {
        using var module = Golden.Fill(new ChainedResidualPooling(2, new() { Stages = 3, PoolSize = 3, LeadingRelu = leadingRelu }).to(ScalarType.Float64));
        AssertGradient(Golden.Tensor("pooling", [1, 2, 3, 4], dtype: ScalarType.Float64), input => ((nn.Module<Tensor, Tensor>)module).call(input));
    }

    [Fact]
    public void MultiResolutionFusion_ByFiniteDifferences_HasItsGradient()
    {
        using var module = Golden.Fill(new MultiResolutionFusion([1, 2], 2).to(ScalarType.Float64));
        using var fine = Golden.Tensor("fine", [1, 1, 5, 6], dtype: ScalarType.Float64);
        AssertGradient(Golden.Tensor("coarse", [1, 2, 2, 3], dtype: ScalarType.Float64), input => ((MultiResolutionFusion)module).call([fine, input]));
    }

    [Fact]
    public void Call_OfABlock_LeavesItsInputAsItWasAndTheLiveTensorsFlat()
    {
        using var unit = Golden.Fill(new ResidualConvUnit(3));
        using var pooling = Golden.Fill(new ChainedResidualPooling(3));
        using var fusion = Golden.Fill(new MultiResolutionFusion([3, 3, 3], 3));
        using var input = Golden.Tensor("input", [1, 3, 6, 6]).requires_grad_();
        using var smaller = Golden.Tensor("smaller", [1, 3, 2, 4]);
        using var copy = input.detach().clone();
        void Run()
        {
            using var adapted = unit.call(input);
            using var fused = fusion.call([adapted, smaller, input]);
            using var pooled = pooling.call(fused);
            using var loss = pooled.sum();
            loss.backward();
            using var _ = no_grad();
            using var again = pooling.call(fused);
        }

        Run();
        var before = ProcessWide.LiveTensors();
        Run();
        Run();

        Assert.Equal(before, ProcessWide.LiveTensors());
        Assert.True(input.allclose(copy, 0, 0));
    }

    [Fact]
    public void Constructor_WithAGenerator_DrawsPyTorchsDistributionAndTheSameAgain()
    {
        using var scope = NewDisposeScope();
        ResidualConvUnit Make() => new(32, new() { Generator = new Generator(3) });
        using var first = Make();
        using var second = Make();
        var bound = 1 / Math.Sqrt(32 * 9);

        Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, 0, 0)));
        var weight = first.get_parameter("1_conv.weight")!;
        Assert.InRange(weight.abs().max().item<float>(), bound * 0.999, bound);
        Assert.Equal(bound / Math.Sqrt(3), weight.std().item<float>(), bound * 0.02);
        Assert.InRange(first.get_parameter("2_conv.bias")!.abs().max().item<float>(), bound * 0.8, bound);
    }

    [Fact]
    public void Call_OfAnotherShapeOrType_NamesIt()
    {
        using var scope = NewDisposeScope();
        using var unit = new ResidualConvUnit(3);
        using var pooling = new ChainedResidualPooling(3);
        using var fusion = new MultiResolutionFusion([3, 4], 3);

        AssertNames("[2, 4, 8, 8]", () => unit.call(zeros(2, 4, 8, 8)));
        AssertNames("[3, 8, 8]", () => pooling.call(zeros(3, 8, 8)));
        AssertNames("[1, 3, 0, 8]", () => pooling.call(zeros(1, 3, 0, 8)));
        AssertNames("Float64", () => unit.call(zeros([1, 3, 8, 8], ScalarType.Float64)));
        AssertNames("meta", () => unit.call(zeros([1, 3, 8, 8], device: META)));
        AssertNames("2 inputs", () => fusion.call([zeros(1, 3, 8, 8)]));
        AssertNames("[1, 3, 4, 4]", () => fusion.call([zeros(1, 3, 8, 8), zeros(1, 3, 4, 4)]));
        AssertNames("1 and 2", () => fusion.call([zeros(1, 3, 8, 8), zeros(2, 4, 4, 4)]));
        Assert.Throws<ArgumentNullException>(() => unit.call(null!));
    }

    [Fact]
    public void Constructor_OutOfRange_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResidualConvUnit(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResidualConvUnitOptions { Blocks = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResidualConvUnitOptions { Stages = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResidualConvUnitOptions { KernelSize = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChainedResidualPoolingOptions { Stages = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChainedResidualPoolingOptions { PoolSize = 4 });
        Assert.Throws<ArgumentException>(() => new MultiResolutionFusion([], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiResolutionFusion([3, 0], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiResolutionFusion([3], 0));
    }

    /// <summary>Central differences of a weighted sum of the output, at each element of the input.</summary>
    private static void AssertGradient(Tensor input, Func<Tensor, Tensor> run)
    {
        using var scope = NewDisposeScope();
        input.requires_grad_();
        var output = run(input);
        var cotangent = Golden.Tensor("cotangent0", output.shape, dtype: ScalarType.Float64);
        var gradient = Golden.Gradients(output, input)[0]!.flatten().data<double>().ToArray();
        using var _ = no_grad();
        var numbers = input.detach().clone().flatten().data<double>().ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            var slope = (At(i, Step) - At(i, -Step)) / (2 * Step);
            Assert.Equal(slope, gradient[i], 1e-7);
        }

        double At(int i, double step)
        {
            var moved = (double[])numbers.Clone();
            moved[i] += step;
            return (run(tensor(moved, input.shape)) * cotangent).sum().item<double>();
        }
    }

    private static void AssertNames(string expected, Func<Tensor> call) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(() => call()).Message, StringComparison.OrdinalIgnoreCase);
}
