using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>RefineNet and its blocks give the same on a GPU, with the gradients; in float64, where rounding decides about no ReLU.</summary>
public sealed class RefineNetCudaTests
{
    [CudaFact]
    public void ResidualConvUnit_OnCuda_EqualsTheCpu() => AssertSame(() => new ResidualConvUnit(4));

    [CudaFact]
    public void ChainedResidualPooling_OnCuda_EqualsTheCpu() => AssertSame(() => new ChainedResidualPooling(4, new() { LeadingRelu = true }));

    [CudaFact]
    public void ChainedResidualPooling_InSinglePrecision_EqualsTheKernelOfTheCpu() => AssertSame(() => new ChainedResidualPooling(4), ScalarType.Float32, 1e-4);

    [CudaFact]
    public void MultiResolutionFusion_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        using var module = (MultiResolutionFusion)Golden.Fill(new MultiResolutionFusion([3, 5], 4)).to(ScalarType.Float64);
        var (fine, coarse) = (Golden.Tensor("fine", [2, 3, 7, 9], dtype: ScalarType.Float64), Golden.Tensor("coarse", [2, 5, 4, 3], dtype: ScalarType.Float64));
        var expected = module.call([fine, coarse]);

        var actual = ((MultiResolutionFusion)module.cuda()).call([fine.cuda(), coarse.cuda()]);

        Assert.True(actual.cpu().allclose(expected, 1e-9, 1e-9));
    }

    [CudaFact]
    public void LightWeightRefineNet_OnCuda_EqualsTheCpu() =>
        AssertSame(() => new LightWeightRefineNet(new() { NumClasses = 3, Backbone = new() { Blocks = [1, 1, 1, 1] }, Dropout = 0 }), channels: 3, side: 40);

    [CudaFact]
    public void Constructor_OnCuda_DrawsTheWeightsOfTheCpu()
    {
        using var scope = NewDisposeScope();
        using var here = new MobileRefineNet(new() { NumClasses = 3, Backbone = new() { Generator = new Generator(5) } });
        using var there = new MobileRefineNet(new() { NumClasses = 3, Backbone = new() { Generator = new Generator(5), Device = CUDA } });

        Assert.All(here.parameters().Zip(there.parameters()), pair => Assert.True(pair.Second.cpu().allclose(pair.First, 0, 0)));
    }

    private static void AssertSame(Func<nn.Module<Tensor, Tensor>> make, ScalarType dtype = ScalarType.Float64, double tolerance = 1e-8, long channels = 4, long side = 9)
    {
        using var scope = NewDisposeScope();
        using var module = Golden.Fill(make()).to(dtype);
        var input = Golden.Tensor("input", [2, channels, side, side + 3], dtype: dtype).requires_grad_();
        var output = module.call(input);
        var gradient = Golden.Gradients(output, input)[0]!;

        var moved = input.detach().cuda().requires_grad_();
        var there = module.cuda().call(moved);
        // The cotangent of Golden is of the CPU.
        var slope = autograd.grad([there], [moved], [Golden.Tensor("cotangent0", output.shape, dtype: dtype).cuda()])[0];

        Assert.Equal(DeviceType.CUDA, there.device_type);
        Assert.True(there.cpu().allclose(output, tolerance, tolerance));
        Assert.True(slope.cpu().allclose(gradient, tolerance, tolerance));
    }
}
