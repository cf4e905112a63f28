using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>The kernels in single precision against the tensor operations in double precision, which compute the same; and those by finite differences.</summary>
public sealed class SegmentationTwinTests
{
    /// <summary>Whole vectors and rests, one block of pixels and several chunks of them.</summary>
    private static readonly long[][] Shapes = [[1, 5, 12, 12], [2, 5, 17, 13], [2, 5, 131, 140]];

    public static TheoryData<string, ScoreActivation> Cases
    {
        get
        {
            var cases = new TheoryData<string, ScoreActivation>();
            foreach (var name in SegmentationLosses.All.Keys)
            {
                foreach (var activation in Enum.GetValues<ScoreActivation>())
                {
                    if (activation != ScoreActivation.Softmax || !SegmentationLosses.IsForMasks(name))
                    {
                        cases.Add(name, activation);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_SinglePrecision_EqualsTheTensorOperationsWithGradients(string name, ScoreActivation activation)
    {
        var loss = SegmentationLosses.All[name](activation);
        foreach (var shape in Shapes)
        {
            foreach (var ignore in (bool[])[false, true])
            {
                using var scope = NewDisposeScope();
                var (scores, target) = SegmentationLosses.Inputs(activation, shape, ScalarType.Float32, ignore);
                var (exact, exactTarget) = SegmentationLosses.Inputs(activation, shape, ScalarType.Float64, ignore);
                var (value, expected) = (loss(scores, target), loss(exact, exactTarget));

                AssertClose(expected, value, 2e-5);
                // Errors that differ by a rounding change places, and with them their slopes.
                AssertClose(Golden.Gradients(expected, exact)[0]!, Golden.Gradients(value, scores)[0]!, name.StartsWith("lovasz") ? 1e-3 : 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_DifferentiatedTwice_EqualsTheTensorOperations(string name, ScoreActivation activation)
    {
        using var scope = NewDisposeScope();
        var loss = SegmentationLosses.All[name](activation);
        var (single, exact) = (Second(ScalarType.Float32), Second(ScalarType.Float64));

        Assert.Equal(exact is null, single is null);
        if (exact is not null)
        {
            AssertClose(exact, single!, 1e-3);
        }

        Tensor? Second(ScalarType dtype)
        {
            var (scores, target) = SegmentationLosses.Inputs(activation, [2, 5, 17, 13], dtype);
            var value = loss(scores, target);
            target.Dispose();
            var first = autograd.grad([value.sum()], [scores], retain_graph: true, create_graph: true)[0];
            // The hinge and distances times probabilities are linear.
            return first.requires_grad ? autograd.grad([first.square().sum()], [scores])[0] : null;
        }
    }

    [Theory]
    [InlineData("dice-squared")]
    [InlineData("iou-sample")]
    [InlineData("tversky")]
    [InlineData("generalized-dice")]
    [InlineData("focal")]
    [InlineData("focal-half")]
    [InlineData("ssim")]
    [InlineData("ms-ssim")]
    [InlineData("ms-ssim-unet3plus")]
    [InlineData("unet3plus")]
    [InlineData("lovasz")]
    [InlineData("lovasz-image")]
    [InlineData("boundary")]
    public void Loss_DoublePrecision_HasTheGradientOfFiniteDifferences(string name)
    {
        const double h = 1e-6;
        using var scope = NewDisposeScope();
        var loss = SegmentationLosses.All[name](ScoreActivation.Softmax);
        var (scores, target) = SegmentationLosses.Inputs(ScoreActivation.Softmax, [1, 5, 12, 12], ScalarType.Float64);
        var gradient = autograd.grad([loss(scores, target).sum()], [scores])[0].reshape(-1).data<double>().ToArray();
        using var ungraded = no_grad();
        for (var i = 0; i < gradient.Length; i += 37)
        {
            Assert.Equal((At(i, h) - At(i, -h)) / (2 * h), gradient[i], 1e-6);
        }

        double At(int i, double change)
        {
            using var inner = NewDisposeScope();
            var moved = scores.detach().clone();
            moved.view(-1)[i] += change;
            return loss(moved, target).sum().item<double>();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_HalfPrecision_IsTheSinglePrecisionLossRounded(string name, ScoreActivation activation)
    {
        using var scope = NewDisposeScope();
        var loss = SegmentationLosses.All[name](activation);
        var (scores, target) = SegmentationLosses.Inputs(activation, [2, 5, 17, 13], ScalarType.BFloat16);
        var value = loss(scores, target);
        var expected = loss(scores.to(ScalarType.Float32), target.is_floating_point() ? target.to(ScalarType.Float32) : target);

        Assert.Equal(ScalarType.BFloat16, value.dtype);
        AssertClose(expected, value.to(ScalarType.Float32), 1e-2);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_ScoresThatAreNotContiguous_EqualsTheirCopy(string name, ScoreActivation activation)
    {
        using var scope = NewDisposeScope();
        var loss = SegmentationLosses.All[name](activation);
        var (scores, target) = SegmentationLosses.Inputs(activation, [2, 5, 17, 13], ScalarType.Float32);
        var last = scores.detach().permute(0, 2, 3, 1).contiguous().requires_grad_();

        AssertClose(loss(scores, target), loss(last.permute(0, 3, 1, 2), target), 1e-6);
        AssertClose(Golden.Gradients(loss(scores, target), scores)[0]!.permute(0, 2, 3, 1), Golden.Gradients(loss(last.permute(0, 3, 1, 2), target), last)[0]!, 1e-6);
    }

    /// <summary>A classifier's samples have one pixel, which kernels take together.</summary>
    [Theory]
    [InlineData(ScoreActivation.Softmax)]
    [InlineData(ScoreActivation.Sigmoid)]
    [InlineData(ScoreActivation.None)]
    public void Focal_SamplesOfFewPixels_EqualsTheTensorOperationsWithGradients(ScoreActivation activation)
    {
        foreach (var name in SegmentationLosses.All.Keys.Where(name => name.StartsWith("focal")))
        {
            foreach (var shape in (long[][])[[33, 5], [3, 5, 2, 3], [2, 5, 1]])
            {
                using var scope = NewDisposeScope();
                var loss = SegmentationLosses.All[name](activation);
                var (scores, target) = SegmentationLosses.Inputs(activation, shape, ScalarType.Float32);
                var (exact, exactTarget) = SegmentationLosses.Inputs(activation, shape, ScalarType.Float64);
                var (value, expected) = (loss(scores, target), loss(exact, exactTarget));

                AssertClose(expected, value, 2e-5);
                AssertClose(Golden.Gradients(expected, exact)[0]!, Golden.Gradients(value, scores)[0]!, 1e-4);
            }
        }
    }

    /// <summary>Bool masks and int64 masks are the floating ones.</summary>
    [Fact]
    public void Loss_MasksOfOtherTypes_EqualThoseOfTheScoresType()
    {
        using var scope = NewDisposeScope();
        var (scores, target) = SegmentationLosses.Inputs(ScoreActivation.Sigmoid, [2, 5, 17, 13], ScalarType.Float32, ignore: false);
        foreach (var name in SegmentationLosses.All.Keys)
        {
            var loss = SegmentationLosses.All[name](ScoreActivation.Sigmoid);
            var expected = loss(scores, target);

            AssertClose(expected, loss(scores, target.to(ScalarType.Bool)), 0);
            AssertClose(expected, loss(scores, target.to(ScalarType.Int64)), 0);
        }
    }

    /// <summary>A target with a gradient, as another network's output has, takes the tensor operations.</summary>
    [Fact]
    public void MsSsim_TargetWithGradient_HasIt()
    {
        using var scope = NewDisposeScope();
        var (scores, target) = (Golden.Tensor("a", [1, 2, 40, 40], 0.5, 0.5), Golden.Tensor("b", [1, 2, 40, 40], 0.5, 0.5).requires_grad_());
        var gradient = autograd.grad([SsimLoss.Compute(scores, target)], [target])[0];

        // Similarity is symmetric.
        AssertClose(gradient, autograd.grad([SsimLoss.Compute(target, scores)], [target])[0], 1e-4);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (wanted, got) = (expected.detach().to(ScalarType.Float64), actual.detach().to(ScalarType.Float64));
        var scale = wanted.abs().max().clamp_min(1e-12);
        var largest = ((wanted - got).abs().max() / scale).item<double>();
        Assert.True(largest <= tolerance, $"off by {largest} of the largest, allowed {tolerance}");
    }
}
