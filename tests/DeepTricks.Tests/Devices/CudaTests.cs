using DeepTricks.Adversarial;
using DeepTricks.Data;
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
