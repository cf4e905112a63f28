using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>The two orders of enlarging and convolving give the same.</summary>
public sealed class UpsampledConvolutionTests
{
    [Theory]
    [InlineData(1, 1, 2, 2)]
    [InlineData(1, 3, 1, 6)]
    [InlineData(4, 2, 64, 32)]
    [InlineData(5, 7, 10, 14)]
    [InlineData(6, 4, 45, 37)]
    [InlineData(3, 3, 3, 3)]
    public void Early_AnySizes_GivesTheMapAndTheGradientsOfLate(long h, long w, long height, long width)
    {
        using var scope = NewDisposeScope();
        Tensor Given(string name, params long[] shape) => Golden.Tensor(name, shape, dtype: ScalarType.Float64).requires_grad_();
        Tensor[] given = [Given("input", 2, 5, h, w), Given("weight", 3, 5, 3, 3), Given("bias", 3)];

        var early = UpsampledConvolution.Early(given[0], given[1], given[2], height, width);
        var late = UpsampledConvolution.Late(given[0], given[1], given[2], height, width);

        Assert.Equal([2, 3, height, width], early.shape);
        Assert.True(early.allclose(late, 1e-12, 1e-12));
        foreach (var (one, other) in Golden.Gradients(early, given).Zip(Golden.Gradients(late, given))) Assert.True(one!.allclose(other!, 1e-11, 1e-11));
    }

    [Fact]
    public void Early_AConstantMap_KeepsTheZerosBeyondTheBorder()
    {
        using var scope = NewDisposeScope();
        var sums = UpsampledConvolution.Early(ones(1, 1, 2, 2), ones(1, 1, 3, 3), zeros(1), 8, 8);

        // Nine ones inside, six at an edge, four in a corner.
        Assert.Equal([4f, 6, 9], [sums[0, 0, 0, 0].item<float>(), sums[0, 0, 3, 0].item<float>(), sums[0, 0, 3, 4].item<float>()]);
    }

    [CudaFact]
    public void Early_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        Tensor[] given = [Golden.Tensor("input", [2, 5, 4, 6]), Golden.Tensor("weight", [3, 5, 3, 3]), Golden.Tensor("bias", [3])];

        var there = UpsampledConvolution.Early(given[0].cuda(), given[1].cuda(), given[2].cuda(), 32, 48);

        Assert.True(there.cpu().allclose(UpsampledConvolution.Early(given[0], given[1], given[2], 32, 48), 1e-4, 1e-4));
    }
}
