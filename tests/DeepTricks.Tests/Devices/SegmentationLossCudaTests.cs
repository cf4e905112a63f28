using DeepTricks.Losses;
using DeepTricks.Testing;
using DeepTricks.Tests.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>The segmentation losses give the same on a GPU as on the CPU, with the gradients.</summary>
public sealed class SegmentationLossCudaTests
{
    [CudaFact]
    public void Loss_OnCuda_EqualsTheCpu()
    {
        foreach (var (name, make) in SegmentationLosses.All)
        {
            foreach (var activation in Enum.GetValues<ScoreActivation>().Where(one => one != ScoreActivation.Softmax || !SegmentationLosses.IsForMasks(name)))
            {
                using var scope = NewDisposeScope();
                var loss = make(activation);
                var (scores, target) = SegmentationLosses.Inputs(activation, [2, 5, 17, 13], ScalarType.Float64);
                var there = scores.detach().cuda().requires_grad_();
                var (expected, actual) = (loss(scores, target), loss(there, target.cuda()));

                Assert.Equal(DeviceType.CUDA, actual.device_type);
                Assert.True(actual.cpu().allclose(expected, 1e-9, 1e-12), name);
                Assert.True(Golden.Gradients(actual.cpu(), there)[0]!.cpu().allclose(Golden.Gradients(expected, scores)[0]!, 1e-7, 1e-10), name);
            }
        }
    }
}
