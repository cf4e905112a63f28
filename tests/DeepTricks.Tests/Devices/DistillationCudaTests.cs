using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>The losses of responses and contrast give the same on a GPU as on the CPU, with the gradients.</summary>
public sealed class DistillationCudaTests
{
    [CudaFact]
    public void Loss_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        var (student, teacher, labels) = (Golden.Tensor("student", [9, 12], 4, dtype: ScalarType.Float64), Golden.Tensor("teacher", [9, 12], 4, dtype: ScalarType.Float64), Golden.Integers("labels", 12, 9));
        foreach (var loss in (Func<Tensor, Tensor, Tensor, Tensor>[])
        [
            (s, t, _) => KnowledgeDistillationLoss.Compute(s, t), (s, t, _) => KnowledgeDistillationLoss.Compute(s, t, KnowledgeDistillationLossOptions.KdLib),
            (s, t, _) => DistLoss.Compute(s, t), (s, t, _) => StandardizedDistillationLoss.Compute(s, t), (s, t, _) => WeightedClassLoss.Compute(s, t),
            (s, t, y) => DecoupledDistillationLoss.Compute(s, t, y), (s, t, y) => WeightedSoftLabelLoss.Compute(s, t, y), (s, t, y) => KnowledgeAdjustmentLoss.Compute(s, t, y),
            (s, _, y) => TeacherFreeLoss.Compute(s, y), (s, t, _) => BoundedRegressionLoss.Compute(s, t, s.detach() * 0.5),
        ])
        {
            AssertSame(student, (x, there) => loss(x, there(teacher), there(labels)));
        }
    }

    [CudaFact]
    public void Contrast_OnCuda_EqualsTheCpuOverTwoSteps()
    {
        using var scope = NewDisposeScope();
        Tensor Run(Device device)
        {
            using var loss = new ContrastiveDistillationLoss(new() { StudentFeatures = 6, TeacherFeatures = 5, Samples = 30, Dimension = 16, Negatives = 20 }, new Generator(1));
            loss.to(device);
            var values = new List<Tensor>();
            for (var step = 0; step < 2; step++)
            {
                var student = Golden.Tensor($"{step}.student", [4, 6]).to(device).requires_grad_();
                var drawn = ContrastSampler.Uniform(30).Draw([3, 1, 9, 2], 20, seed: 1, step).to(device);
                var value = loss.Compute(student, Golden.Tensor($"{step}.teacher", [4, 5]).to(device), tensor(new long[] { 3, 1, 9, 2 }).to(device), drawn);
                values.AddRange([value.reshape(1).cpu(), autograd.grad([value], [student])[0].reshape(-1).cpu()]);
            }

            return cat([.. values, .. loss.state_dict().Values.Select(entry => entry.detach().cpu().reshape(-1))]);
        }

        Assert.True(Run(CUDA).allclose(Run(CPU), 1e-4, 1e-5));
    }

    private static void AssertSame(Tensor student, Func<Tensor, Func<Tensor, Tensor>, Tensor> loss)
    {
        var (here, there) = (student.clone().requires_grad_(), student.cuda().requires_grad_());
        var (expected, actual) = (loss(here, one => one), loss(there, one => one.cuda()));

        Assert.Equal(DeviceType.CUDA, actual.device_type);
        Assert.True(actual.cpu().allclose(expected, 1e-9, 1e-12));
        Assert.True(autograd.grad([actual], [there])[0].cpu().allclose(autograd.grad([expected], [here])[0], 1e-7, 1e-10));
    }
}
