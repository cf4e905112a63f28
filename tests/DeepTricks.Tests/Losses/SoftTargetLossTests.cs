using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>The kernel against the tensor operations that compute the same, and both at the edges.</summary>
public sealed class SoftTargetLossTests
{
    private const long Ignored = SoftTargetLoss.DefaultIgnoreIndex;

    public static TheoryData<string> Kinds => ["hard", "smoothed", "table", "penalty", "hinge", "all", "entropy-only", "no-labels"];

    /// <summary>Numbers of classes with and without a rest beside the vectors, of one class, and rows for more than one thread.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_SinglePrecision_EqualsTheTensorOperationsWithGradients(string kind)
    {
        foreach (var (rows, classes) in ((long, long)[])[(3, 1), (4, 2), (5, 7), (6, 8), (7, 16), (5, 33), (64, 1024)])
        {
            foreach (var reduction in Enum.GetValues<nn.Reduction>())
            {
                using var scope = NewDisposeScope();
                var (logits, loss) = Case(kind, rows, classes, ScalarType.Float32, reduction);
                var kernel = loss.Of(logits);
                var twin = loss.InTensors(logits);

                AssertClose(twin, kernel, 2e-5);
                AssertClose(Golden.Gradients(twin, logits)[0]!, Golden.Gradients(kernel, logits)[0]!, 2e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_DoublePrecision_HasTheGradientOfFiniteDifferences(string kind)
    {
        using var scope = NewDisposeScope();
        var (logits, loss) = Case(kind, 4, 5, ScalarType.Float64, nn.Reduction.Mean);
        var gradient = autograd.grad([loss.Of(logits)], [logits])[0].data<double>().ToArray();
        using var ungraded = no_grad();
        for (var i = 0; i < gradient.Length; i++)
        {
            const double h = 1e-5;
            double At(double change)
            {
                var moved = logits.detach().clone();
                moved.view(-1)[i] += change;
                return loss.Of(moved).item<double>();
            }

            Assert.Equal((At(h) - At(-h)) / (2 * h), gradient[i], 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_DifferentiatedTwice_EqualsTheTensorOperations(string kind)
    {
        using var scope = NewDisposeScope();
        var (logits, loss) = Case(kind, 5, 9, ScalarType.Float32, nn.Reduction.Mean);

        AssertClose(Second(loss.InTensors(logits)), Second(loss.Of(logits)), 1e-5);

        Tensor Second(Tensor value)
        {
            var first = autograd.grad([value], [logits], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], [logits])[0];
        }
    }

    [Fact]
    public void Of_DifferentiatedTwiceWhenTheLabelsAreGone_EqualsTheTensorOperations()
    {
        using var scope = NewDisposeScope();
        var (_, loss) = Case("smoothed", 24, 5, ScalarType.Float32, nn.Reduction.Mean);
        var images = Golden.Tensor("spatial", [2, 5, 3, 4]).requires_grad_();
        using var labels = loss.Labels!.reshape(2, 3, 4);
        var expected = Second(loss.InTensors(images.permute(0, 2, 3, 1).reshape(24, 5)));
        var value = (loss with { Labels = labels }).Of(images);
        labels.Dispose();
        loss.Weight!.Dispose();

        AssertClose(expected, Second(value), 1e-5);

        Tensor Second(Tensor value)
        {
            var first = autograd.grad([value], [images], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], [images])[0];
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16, 2e-3)]
    [InlineData(ScalarType.BFloat16, 2e-2)]
    public void Of_HalfPrecision_IsTheSinglePrecisionLossRounded(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (logits, loss) = Case("all", 40, 12, ScalarType.Float32, nn.Reduction.Mean);
        var half = logits.detach().to(dtype).requires_grad_();
        var value = loss.Of(half);
        var expected = loss.Of(half.to(ScalarType.Float32));

        Assert.Equal(dtype, value.dtype);
        AssertClose(expected, value.to(ScalarType.Float32), tolerance);
        var gradient = autograd.grad([value], [half])[0];
        Assert.Equal(dtype, gradient.dtype);
        AssertClose(autograd.grad([expected], [half])[0].to(ScalarType.Float32), gradient.to(ScalarType.Float32), tolerance);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Of_LogitsThatAreNotContiguous_EqualsTheirCopy(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (logits, loss) = Case("all", 6, 10, dtype, nn.Reduction.Mean);
        var turned = logits.detach().t().contiguous().requires_grad_();

        AssertClose(loss.Of(logits), loss.Of(turned.t()), 1e-6);
        AssertClose(autograd.grad([loss.Of(logits)], [logits])[0].t(), autograd.grad([loss.Of(turned.t())], [turned])[0], 1e-6);
        AssertClose(loss.Of(logits), loss.Of(logits.expand(2, 6, 10)[1]), 1e-6);
    }

    [Fact]
    public void Of_SpatialLogits_EqualsTheLossOfTheirPixels()
    {
        using var scope = NewDisposeScope();
        var (_, loss) = Case("all", 24, 5, ScalarType.Float32, nn.Reduction.None);
        var images = Golden.Tensor("spatial", [2, 5, 3, 4]).requires_grad_();
        var labels = loss.Labels!.reshape(2, 3, 4);
        var pixels = images.permute(0, 2, 3, 1).reshape(24, 5);

        var losses = (loss with { Labels = labels }).Of(images);

        Assert.Equal([2, 3, 4], losses.shape);
        AssertClose(loss.Of(pixels), losses.reshape(24), 1e-6);
        foreach (var reduction in (nn.Reduction[])[nn.Reduction.Mean, nn.Reduction.Sum])
        {
            var (whole, flat) = (loss with { Labels = labels, Reduction = reduction }, loss with { Reduction = reduction });
            AssertClose(Golden.Gradients(flat.Of(pixels), images)[0]!, Golden.Gradients(whole.Of(images), images)[0]!, 1e-6);
            pixels = images.permute(0, 2, 3, 1).reshape(24, 5);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Of_NoRows_IsZeroSummedAndNaNInTheMean(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (zeros(0, 4, dtype: dtype).requires_grad_(), zeros(0, dtype: ScalarType.Int64));

        Assert.Equal(0, Value(new(labels, 0.1, Reduction: nn.Reduction.Sum), logits));
        Assert.Equal(double.NaN, Value(new(labels, 0.1), logits));
        Assert.Equal([0], new SoftTargetLoss(labels, 0.1, Reduction: nn.Reduction.None).Of(logits).shape);
        Assert.Equal([0, 4], autograd.grad([new SoftTargetLoss(labels, 0.1).Of(logits)], [logits])[0].shape);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Of_AllRowsIgnored_IsZeroSummedAndNaNInTheMean(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (randn(3, 4, dtype: dtype).requires_grad_(), full(3, Ignored, ScalarType.Int64));

        Assert.Equal(0, Value(new(labels, 0.1, Beta: 1, Reduction: nn.Reduction.Sum), logits));
        Assert.Equal(double.NaN, Value(new(labels, 0.1, Beta: 1), logits));
        var gradient = autograd.grad([new SoftTargetLoss(labels, 0.1, Beta: 1, Reduction: nn.Reduction.Sum).Of(logits)], [logits])[0];
        Assert.Equal(0, gradient.abs().sum().to(ScalarType.Float64).item<double>());
    }

    /// <summary>A class ruled out by −∞ has no probability: the entropy and the loss of the others stay finite, as do their gradients.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Of_MinusInfinityAtAnotherClass_EqualsTheLossWithoutThatClass(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 2 });
        var few = tensor(new double[,] { { 1, 2, -1 }, { 0, 3, 1 } }).to(dtype);
        var logits = cat([few, full(2, 1, double.NegativeInfinity, dtype)], 1).requires_grad_();
        foreach (var loss in (SoftTargetLoss[])[new(labels), new(labels, Beta: 0.7), new(labels, Beta: 0.7, Threshold: 0.9), new(null, Beta: 1)])
        {
            var value = loss.Of(logits);
            AssertClose(loss.Of(few), value, 1e-6);
            var gradient = autograd.grad([value], [logits])[0];
            Assert.True(gradient.isfinite().all().item<bool>(), $"{gradient}");
            Assert.Equal(0, gradient[TensorIndex.Colon, 3].abs().sum().to(ScalarType.Float64).item<double>());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Of_ExtremeLogits_StaysFinite(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new double[,] { { 1e4, -1e4, 0 }, { -1e4, -1e4, -1e4 }, { 1e4, 1e4, 1e4 } }).to(dtype).requires_grad_();
        var loss = new SoftTargetLoss(tensor(new long[] { 1, 0, 2 }), Beta: 0.5, Reduction: nn.Reduction.None);
        var value = loss.Of(logits);

        // The first is certain and wrong by 2e4; the others are uniform.
        AssertClose(tensor(new[] { 2e4, Math.Log(3) / 2, Math.Log(3) / 2 }), value.to(ScalarType.Float64), 1e-6);
        Assert.True(autograd.grad([value.sum()], [logits])[0].isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Of_ARowThatIsNotFinite_IsNaNAndLeavesTheOthersAlone(double bad)
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            using var scope = NewDisposeScope();
            var logits = randn(3, 19, dtype: dtype);
            var loss = new SoftTargetLoss(tensor(new long[] { 1, 0, 2 }), 0.1, Beta: 0.5, Reduction: nn.Reduction.None);
            var clean = loss.Of(logits);
            logits[1, 4] = bad;
            var value = loss.Of(logits);

            Assert.Equal([false, true, false], value.isnan().data<bool>().ToArray());
            AssertClose(clean[0], value[0], 0);
            AssertClose(clean[2], value[2], 0);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Of_EntropyAboveTheThreshold_CostsAndPullsNothing(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var logits = Golden.Tensor("flat", [5, 10], scale: 0.1, dtype: dtype).requires_grad_();
        var penalty = new SoftTargetLoss(null, Beta: 3, Threshold: 1).Of(logits);

        Assert.Equal(0, penalty.to(ScalarType.Float64).item<double>());
        Assert.Equal(0, autograd.grad([penalty], [logits])[0].abs().sum().to(ScalarType.Float64).item<double>());
    }

    [Fact]
    public void Of_BetaZero_IsTheCrossEntropy()
    {
        using var scope = NewDisposeScope();
        var (logits, loss) = Case("hard", 6, 5, ScalarType.Float32, nn.Reduction.Mean);

        AssertClose(nn.functional.cross_entropy(logits, loss.Labels!), (loss with { Beta = 0, Threshold = 1 }).Of(logits), 1e-6);
    }

    private static (Tensor Logits, SoftTargetLoss Loss) Case(string kind, long rows, long classes, ScalarType dtype, nn.Reduction reduction)
    {
        var name = $"soft.{rows}.{classes}";
        var logits = Golden.Tensor(name, [rows, classes], scale: 3, dtype: dtype).requires_grad_();
        var labels = Golden.Integers(name + ".labels", classes, rows);
        labels[0] = Ignored;
        var weight = Golden.Tensor(name + ".weight", [classes], 0.5, 1, dtype);
        SoftTargetLoss loss = kind switch
        {
            "hard" => new(labels),
            "smoothed" => new(labels, 0.2, Weight: weight),
            "table" => new(labels, Targets: Table(name, classes), Weight: weight),
            "penalty" => new(labels, Beta: 0.3),
            "hinge" => new(labels, Beta: 0.3, Threshold: 0.6),
            "all" => new(labels, 0.1, Weight: weight, Beta: 0.3, Threshold: 0.6),
            "entropy-only" => new(labels, Beta: 0.3, EntropyOnly: true),
            _ => new(null, Beta: 0.3, Threshold: 0.6),
        };
        return (logits, loss with { Reduction = reduction });
    }

    private static ClassTargets Table(string name, long classes)
    {
        var table = Golden.Tensor(name + ".table", [classes, classes], shift: 1.5, dtype: ScalarType.Float64);
        return ClassTargets.FromMatrix(table / table.sum(1, keepdim: true));
    }

    private static double Value(SoftTargetLoss loss, Tensor logits) => loss.Of(logits).to(ScalarType.Float64).item<double>();

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = (expected - actual).abs() / expected.abs().clamp_min(1);
        var largest = difference.numel() == 0 ? 0 : difference.max().to(ScalarType.Float64).item<double>();
        Assert.True(largest <= tolerance, $"off by {largest}, allowed {tolerance}");
    }
}
