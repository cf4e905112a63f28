using DeepTricks.Testing;
using DeepTricks.Tests.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>The losses over relations give the same on a GPU as on the CPU, with the gradients.</summary>
public sealed class RelationLossCudaTests
{
    [CudaFact]
    public void Loss_OnCuda_EqualsTheCpu()
    {
        foreach (var name in RelationLosses.Names)
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = RelationLosses.Inputs(name, ScalarType.Float64);
            Tensor[] there = [.. student.Select(layer => layer.detach().cuda().requires_grad_())];
            var (expected, actual) = (RelationLosses.Of(name)(student, teacher), RelationLosses.Of(name)(there, [.. teacher.Select(layer => layer.cuda())]));

            Assert.Equal(DeviceType.CUDA, actual.device_type);
            Assert.True(actual.cpu().allclose(expected, 1e-9, 1e-12), name);
            foreach (var (wanted, got) in Golden.Gradients(expected, student).Zip(Golden.Gradients(actual.cpu(), there)))
            {
                Assert.True(got!.cpu().allclose(wanted!, 1e-7, 1e-10), name);
            }
        }
    }
}
