using DeepTricks.Losses;
using DeepTricks.Regularization;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>Arguments that do not fit: a message that says so, and no tensor left behind. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class SoftTargetInputTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "logits of one dimension", "logits" },
        { "whole logits", "logits" },
        { "other number of labels", "labels" },
        { "labels of float32", "labels" },
        { "labels of int32", "labels" },
        { "labels elsewhere", "labels" },
        { "label too high", "labels" },
        { "label negative", "labels" },
        { "label too high, float64", "labels" },
        { "spatial labels for flat logits", "labels" },
        { "weights for other classes", "weight" },
        { "weights elsewhere", "weight" },
        { "targets for other classes", "logits" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Of_ArgumentsThatDoNotFit_NamesTheParameterAndLeaksNothing(string what, string parameter)
    {
        using var scope = NewDisposeScope();
        var loss = new SoftTargetLoss(tensor(new long[] { 0, 1, 2 }), 0.1);
        Tensor logits = zeros(3, 4).requires_grad_(), elsewhere = zeros(4, device: META);
        (logits, loss) = what switch
        {
            "logits of one dimension" => (zeros(4), loss),
            "whole logits" => (zeros(3, 4, dtype: ScalarType.Int64), loss),
            "other number of labels" => (logits, loss with { Labels = zeros(2, dtype: ScalarType.Int64) }),
            "labels of float32" => (logits, loss with { Labels = zeros(3) }),
            "labels of int32" => (logits, loss with { Labels = zeros(3, dtype: ScalarType.Int32) }),
            "labels elsewhere" => (logits, loss with { Labels = zeros(3, dtype: ScalarType.Int64, device: META) }),
            "label too high" => (logits, loss with { Labels = tensor(new long[] { 0, 4, 1 }) }),
            "label negative" => (logits, loss with { Labels = tensor(new long[] { 0, -1, 1 }) }),
            "label too high, float64" => (logits.to(ScalarType.Float64), loss with { Labels = tensor(new long[] { 0, 4, 1 }) }),
            "spatial labels for flat logits" => (logits, loss with { Labels = zeros(3, 1, dtype: ScalarType.Int64) }),
            "weights for other classes" => (logits, loss with { Weight = zeros(3) }),
            "weights elsewhere" => (logits, loss with { Weight = elsewhere }),
            _ => (logits, loss with { Targets = ClassTargets.Uniform(5, 0.1) }),
        };
        var before = ProcessWide.LiveTensors();

        var exception = Assert.ThrowsAny<ArgumentException>(() => loss.Of(logits));

        Assert.Equal(parameter, exception.ParamName);
        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Compute_OverManySteps_KeepsTheNumberOfTensors(ScalarType dtype)
    {
        using var logits = zeros(6, 5, dtype: dtype).requires_grad_();
        using var labels = tensor(new long[] { 0, 1, 2, 3, 4, -100 });
        using var weight = ones(5);
        var targets = ClassTargets.FromHierarchy([0, 0, 1, 1, 2], 0.2);
        var costs = ClassCosts.FromHierarchy([0, 0, 1, 1, 2], 1, 3);
        void Step()
        {
            foreach (var reduction in Enum.GetValues<nn.Reduction>())
            {
                using var smoothed = LabelSmoothingLoss.Compute(logits, labels, 0.1, weight, reduction: reduction);
                using var similar = LabelSmoothingLoss.Compute(logits, labels, targets, weight, reduction: reduction);
                using var penalised = ConfidencePenaltyLoss.Compute(logits, labels, reduction: reduction);
                using var penalty = ConfidencePenaltyLoss.Penalty(logits, labels, reduction: reduction);
                using var cost = HierarchicalCostLoss.Compute(logits, labels, costs, reduction: reduction);
                using var total = smoothed + similar;
                using var sum = total.sum();
                sum.backward();
            }
        }

        ProcessWide.AssertFlat(Step);
        logits.grad!.Dispose();
    }
}
