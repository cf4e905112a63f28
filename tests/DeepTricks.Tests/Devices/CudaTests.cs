using DeepTricks.Adversarial;
using DeepTricks.Data;
using DeepTricks.Detection;
using DeepTricks.Metrics;
using DeepTricks.Regularization;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>What runs on the CPU gives the same on a GPU, with the gradients.</summary>
public sealed class CudaTests
{
    private const long Rows = 64;
    private const long Classes = 10;

    [CudaFact]
    public void LabelSmoothing_OnCuda_EqualsTheCpu() =>
        AssertSame((logits, labels) => LabelSmoothingLoss.Compute(logits, labels, 0.1, Golden.Tensor("weight", [Classes], 0.5, 1).to(logits.device)));

    [CudaFact]
    public void ConfidencePenalty_OnCuda_EqualsTheCpu() =>
        AssertSame((logits, labels) => ConfidencePenaltyLoss.Compute(logits, labels, 0.5, threshold: 1));

    [CudaFact]
    public void HierarchicalCost_OnCuda_EqualsTheCpu() =>
        AssertSame((logits, labels) => HierarchicalCostLoss.Compute(logits, labels, DeepTricks.Losses.ClassCosts.FromHierarchy([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], within: 0.2, across: 1)));

    [CudaFact]
    public void FastGradientSign_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        using var model = Golden.Fill(nn.Linear(20, Classes));
        var input = Golden.Tensor("input", [Rows, 20], 0.5, 0.5);
        var labels = Golden.Integers("labels", Classes, Rows);

        var expected = FastGradientSign.Attack(model, input, labels);
        var actual = FastGradientSign.Attack(model.cuda(), input.cuda(), labels.cuda());

        Assert.Equal(DeviceType.CUDA, actual.device_type);
        Assert.True(actual.cpu().allclose(expected, atol: 1e-6));
    }

    [CudaFact]
    public void RegionPooling_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        var map = Golden.Tensor("map", [2, 12, 20, 30]);
        var regions = tensor(new float[,] { { 0, 4, 5, 30, 28 }, { 1, -9, 20, 70, 90 }, { 0, 8, 8, 8, 8 } });
        var turned = tensor(new float[,] { { 0, 20, 15, 30, 12, 40 } });
        var options = new RoiAlignOptions(2, 3) { SpatialScale = 0.5 };
        foreach (var pool in (Func<Tensor, Tensor>[])[
            features => RoiAlign.Compute(features, regions.to(features.device), options),
            features => RoiPool.Compute(features, regions.to(features.device), new(2, 3) { SpatialScale = 0.5 }),
            features => PositionSensitiveRoiAlign.Compute(features, regions.to(features.device), options with { SamplingRatio = 2 }),
            features => PositionSensitiveRoiPool.Compute(features, regions.to(features.device), new(2, 3) { SpatialScale = 0.5 }),
            features => RotatedRoiAlign.Compute(features, turned.to(features.device), options)])
        {
            var (here, there) = (map.detach().requires_grad_(), map.cuda().detach().requires_grad_());
            var (expected, actual) = (pool(here), pool(there));
            Assert.True(actual.cpu().allclose(expected, 1e-5, 1e-5));
            Assert.True(autograd.grad([actual.square().sum()], [there])[0].cpu().allclose(autograd.grad([expected.square().sum()], [here])[0], 1e-4, 1e-5));
        }
    }

    [CudaFact]
    public void Suppression_OnCuda_EqualsTheCpu()
    {
        using var scope = NewDisposeScope();
        var centre = Golden.Tensor("boxes", [400, 2], 100, 100);
        var boxes = cat([centre - 20, centre + 20], 1);
        var scores = Golden.Tensor("scores", [400]);
        var classes = Golden.Integers("classes", 3, 400);

        Assert.True(Nms.Apply(boxes.cuda(), scores.cuda(), 0.4).cpu().eq(Nms.Apply(boxes, scores, 0.4)).all().item<bool>());
        Assert.True(Nms.Batched(boxes.cuda(), scores.cuda(), classes.cuda(), 0.4).cpu().eq(Nms.Batched(boxes, scores, classes, 0.4)).all().item<bool>());
        Assert.True(Nms.Soft(boxes.cuda(), scores.cuda()).Indices.cpu().eq(Nms.Soft(boxes, scores).Indices).all().item<bool>());
    }

    [CudaFact]
    public void Fit_WithDevice_TrainsAndMeasuresThere()
    {
        using var model = nn.Linear(20, Classes).cuda();
        using var optimizer = optim.SGD(model.parameters(), 0.5);
        using var data = new InMemoryDataset(Golden.Tensor("input", [Rows, 20]), Golden.Integers("labels", Classes, Rows));
        var source = new BatchLoader(data, new() { BatchSize = 16 });
        using var accuracy = new Accuracy();
        using var trainer = new Trainer(Objective.Classification(model), optimizer,
            [new LabelSmoothingCallback(), new ExponentialMovingAverage()], new() { Device = CUDA });

        var history = trainer.Fit(source, "20ep", new() { Validation = source, Metrics = [accuracy] });

        Assert.True(history[^1].Metrics["loss"] < history[0].Metrics["loss"]);
        Assert.InRange(history[^1].Metrics["validation/accuracy"], 0, 1);
    }

    private static void AssertSame(Func<Tensor, Tensor, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var logits = Golden.Tensor("logits", [Rows, Classes], 4);
        var labels = Golden.Integers("labels", Classes, Rows);
        var (expected, gradient) = Run(logits, labels);
        var (actual, other) = Run(logits.cuda(), labels.cuda());
        Assert.Equal(expected, actual, 1e-5);
        Assert.True(other.cpu().allclose(gradient, atol: 1e-6));

        (float Loss, Tensor Gradient) Run(Tensor input, Tensor target)
        {
            var leaf = input.detach().requires_grad_();
            var value = loss(leaf, target);
            value.backward();
            return (value.cpu().item<float>(), leaf.grad!);
        }
    }
}
