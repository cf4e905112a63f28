using DeepTricks.Losses;
using DeepTricks.Metrics;
using DeepTricks.Regularization;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Regularization;

/// <summary>Expected costs against their formula in PyTorch.</summary>
public sealed class HierarchicalCostLossTests
{
    private static readonly GoldenFile File = GoldenFile.Read("regularization/tricks.json");
    private static readonly ClassCosts Costs = ClassCosts.FromHierarchy([0, 0, 1, 1, 2], within: 1, across: 3);

    [Fact]
    public void Compute_OnSeededLogits_EqualsPyTorchWithGradients()
    {
        var cases = File.Cases.Where(one => one.Text("kind") == "hierarchical-cost").ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            using var scope = NewDisposeScope();
            var (name, shape) = (one.Text("name"), one.Integers("shape"));
            var logits = Golden.Tensor($"{name}.logits", shape, scale: 3, dtype: GoldenSample.DtypeOf(one.Text("dtype"))).requires_grad_();
            var labels = Golden.Integers($"{name}.labels", shape[1], [shape[0], .. shape[2..]]);
            using var module = new HierarchicalCostLoss(Costs, new() { Weight = 0.4 });
            var loss = module.call(logits, labels);

            one.AssertEqual("expected", HierarchicalCostLoss.Expected(logits, labels, Costs));
            one.AssertEqual("out", loss);
            one.AssertGradients("gradients", loss, [logits]);
            if (logits.dim() == 2)
            {
                using var metric = new MeanCost(Costs);
                metric.Update(logits[..4], labels[..4]);
                metric.Update(logits[4..], labels[4..]);
                Assert.Equal(one.Number("cost"), metric.Compute(), 1e-6);
            }
        }
    }

    [Fact]
    public void Expected_OfACertainPrediction_IsItsCost()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,] { { 0, 999, 0, 0, 0 }, { 0, 0, 999, 0, 0 }, { 999, 0, 0, 0, 0 }, { 0, 0, 0, 0, 999 } });
        var labels = tensor(new long[] { 0, 0, 0, -100 });

        Assert.Equal([1f, 3, 0, 0], HierarchicalCostLoss.Expected(logits, labels, Costs, reduction: nn.Reduction.None).data<float>().ToArray());
        Assert.Equal(4, HierarchicalCostLoss.Expected(logits, labels, Costs, reduction: nn.Reduction.Sum).item<float>(), 1e-6);
        Assert.Equal(4.0 / 3, HierarchicalCostLoss.Expected(logits, labels, Costs).item<float>(), 1e-6);
    }

    [Fact]
    public void BadInput_IsRefusedWithItsName()
    {
        using var scope = NewDisposeScope();
        var labels = zeros(2, dtype: ScalarType.Int64);
        using var metric = new MeanCost(Costs);

        Assert.Equal("logits", Assert.Throws<ArgumentException>(() => HierarchicalCostLoss.Compute(zeros(2, 4), labels, Costs)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => HierarchicalCostLoss.Compute(zeros(2, 5), labels + 5, Costs)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => HierarchicalCostLoss.Compute(zeros(2, 5), zeros(2), Costs)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentException>(() => metric.Update(zeros(2, 4), labels)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => metric.Update(zeros(2, 5), labels - 100)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HierarchicalCostOptions { Weight = double.NaN });
        Assert.Equal(double.NaN, HierarchicalCostLoss.Expected(zeros(2, 5), labels - 100, Costs).item<float>());
    }
}
