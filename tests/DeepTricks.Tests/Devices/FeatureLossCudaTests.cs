using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Tests.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>The losses of features and the connectors give the same on a GPU as on the CPU, with the gradients.</summary>
public sealed class FeatureLossCudaTests
{
    [CudaFact]
    public void Loss_OnCuda_EqualsTheCpu()
    {
        foreach (var (name, loss) in FeatureLosses.All)
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float64, 3, 6, 5, 4);
            var there = student.detach().cuda().requires_grad_();
            var (expected, actual) = (loss(student, teacher), loss(there, teacher.cuda()));

            Assert.Equal(DeviceType.CUDA, actual.device_type);
            Assert.True(actual.cpu().allclose(expected, 1e-8, 1e-12), name);
            Assert.True(Golden.Gradients(actual.cpu(), there)[0]!.cpu().allclose(Golden.Gradients(expected, student)[0]!, 1e-6, 1e-10), name);
        }
    }

    [CudaFact]
    public void Module_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var norm = nn.BatchNorm2d(6);
        nn.Module<Tensor, Tensor, Tensor>[] modules =
            [new VariationalInformationLoss(6, 6), new AttentiveFeatureLoss(6), new OverhaulLoss(norm), new ReusedClassifierLoss([1, 6, 4, 4], [1, 6, 4, 4]), new MaskedGenerationLoss(6, 6, generator, new() { MaskRatio = 0 })];
        foreach (var module in modules)
        {
            using var disposed = module;
            var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float32, 3, 6, 4, 4);
            var expected = module.call(student, teacher);

            module.cuda();
            var actual = module.call(student.cuda(), teacher.cuda());

            Assert.True(actual.cpu().allclose(expected, 1e-3, 1e-4), module.GetName());
        }
    }
}
