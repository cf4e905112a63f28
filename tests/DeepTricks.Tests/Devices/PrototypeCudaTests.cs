using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Testing;
using DeepTricks.Tests.Interpretability;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>Prototypes give the same on a GPU as on the CPU.</summary>
public sealed class PrototypeCudaTests
{
    [CudaFact]
    public void Minimum_OnCuda_EqualsTheCpuWithGradients()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("features", [3, 5, 6, 7], dtype: ScalarType.Float64).requires_grad_();
        var prototypes = Golden.Tensor("prototypes", [9, 5, 2, 3], dtype: ScalarType.Float64).requires_grad_();
        Tensor[] there = [features.detach().cuda().requires_grad_(), prototypes.detach().cuda().requires_grad_()];
        var (expected, actual) = (PrototypeDistance.Minimum(features, prototypes), PrototypeDistance.Minimum(there[0], there[1]));

        Assert.True(actual.cpu().allclose(expected, 1e-9, 1e-11));
        foreach (var (here, gradient) in Golden.Gradients(expected, features, prototypes).Zip(Golden.Gradients(actual.cpu(), there)))
            Assert.True(gradient!.cpu().allclose(here!, 1e-7, 1e-9));
    }

    [CudaFact]
    public void Network_OnCuda_ProjectsPrunesAndExplainsAsOnTheCpu()
    {
        using var scope = NewDisposeScope();
        using var here = ColoredSquares.Network();
        using var there = ColoredSquares.Network();
        there.cuda();
        using var data = ColoredSquares.Images(12);
        var images = new BatchLoader(data, new() { BatchSize = 5, Shuffle = false });
        var (expected, actual) = (PrototypeProjection.Run(here, images), PrototypeProjection.Run(there, images));

        Assert.Equal(expected.Select(source => (source.Image, source.Row, source.Column)), actual.Select(source => (source.Image, source.Row, source.Column)));
        there.Prune([1]);
        here.Prune([1]);
        Assert.True(there.call(data.Inputs.cuda()).cpu().allclose(here.call(data.Inputs), 1e-2, 5e-2));
        Assert.Equal(LocalAnalysis.Of(here, data.Inputs[2]).Classes.Count, LocalAnalysis.Of(there, data.Inputs[2]).Classes.Count);
        using var training = new ProtoPNetTraining(there, new() { Trainer = new() { Device = CUDA } });
        Assert.Single(training.Train(PrototypePhase.Joint, images, 1));
    }
}
