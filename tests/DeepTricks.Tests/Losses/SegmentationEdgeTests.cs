using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>What the losses do where there is little to compute, or nothing good.</summary>
public sealed class SegmentationEdgeTests
{
    public static TheoryData<string, ScoreActivation> Cases => SegmentationTwinTests.Cases;

    /// <summary>A mean of nothing is NaN in PyTorch's way for the focal loss; no loss gives a gradient to what is ignored.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_AllIgnored_HasNoGradient(string name, ScoreActivation activation)
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            using var scope = NewDisposeScope();
            var (scores, target) = SegmentationLosses.Inputs(activation, [2, 5, 12, 12], dtype);
            var value = SegmentationLosses.All[name](activation)(scores, target.fill_(SegmentationLosses.Ignored));

            if (name is "focal" or "focal-0" or "unet3plus")
            {
                Assert.True(value.isnan().all().item<bool>());
                continue;
            }

            Assert.True(value.isfinite().all().item<bool>(), $"{value}");
            Assert.Equal(0, autograd.grad([value.sum()], [scores])[0].abs().sum().to(ScalarType.Float64).item<double>());
        }
    }

    /// <summary>What is not finite where it is ignored leaves the loss alone, and with it the gradient of every other pixel.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_NaNThatIsIgnored_LeavesTheOthersAlone(string name, ScoreActivation activation)
    {
        using var scope = NewDisposeScope();
        var loss = SegmentationLosses.All[name](activation);
        var (scores, target) = SegmentationLosses.Inputs(activation, [2, 5, 12, 12], ScalarType.Float32);
        if (target.dim() == 4)
        {
            target[0, TensorIndex.Colon, 3, 4] = SegmentationLosses.Ignored;
        }
        else
        {
            target[0, 3, 4] = SegmentationLosses.Ignored;
        }

        var broken = scores.detach().clone();
        broken[0, TensorIndex.Colon, 3, 4] = double.NaN;
        broken.requires_grad_();
        var (value, expected) = (loss(broken, target), loss(scores, target));

        Assert.True(value.allclose(expected, 1e-6), $"{value} and not {expected}");
        var (gradient, clean) = (autograd.grad([value.sum()], [broken])[0], autograd.grad([expected.sum()], [scores])[0]);
        gradient[0, TensorIndex.Colon, 3, 4] = 0;
        Assert.True(gradient.allclose(clean, 1e-5, 1e-8));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_NaNThatCounts_IsNaN(string name, ScoreActivation activation)
    {
        // Distances to a boundary that a NaN does not have are those of a mask without it.
        using var scope = NewDisposeScope();
        var (scores, target) = SegmentationLosses.Inputs(activation, [2, 5, 12, 12], ScalarType.Float32, ignore: false);
        var broken = scores.detach().clone();
        broken[0, 1, 3, 4] = double.NaN;
        var value = SegmentationLosses.All[name](activation)(broken, target);

        Assert.True(value.isnan().any().item<bool>(), $"{value}");
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(double.PositiveInfinity)]
    public void Loss_MasksThatAreCertain_IsFiniteWithItsGradient(double large)
    {
        foreach (var name in (string[])["dice", "dice-squared", "iou", "tversky", "generalized-dice", "lovasz", "ssim", "boundary", "hausdorff"])
        {
            using var scope = NewDisposeScope();
            var (_, target) = SegmentationLosses.Inputs(ScoreActivation.Sigmoid, [2, 5, 12, 12], ScalarType.Float32, ignore: false);
            var scores = full_like(target, -large).where(target > 0, full_like(target, large)).requires_grad_();
            var value = SegmentationLosses.All[name](ScoreActivation.Sigmoid)(scores, target);

            Assert.True(value.isfinite().all().item<bool>(), $"{name}: {value}");
            Assert.True(autograd.grad([value.sum()], [scores])[0].isfinite().all().item<bool>(), name);
        }
    }

    [Fact]
    public void Loss_NoSample_HasAnEmptyGradient()
    {
        foreach (var name in SegmentationLosses.All.Keys.Where(name => !name.Contains("ssim") && name != "unet3plus"))
        {
            using var scope = NewDisposeScope();
            var scores = zeros(0, 5, 12, 12).requires_grad_();
            var value = SegmentationLosses.All[name](ScoreActivation.Sigmoid)(scores, zeros(0, 5, 12, 12));

            Assert.Equal([0, 5, 12, 12], autograd.grad([value.sum()], [scores])[0].shape);
        }
    }

    /// <summary>An empty mask in each convention: as the formula says, 0 in the mean, or not in the mean.</summary>
    [Fact]
    public void Dice_EmptyTargets_CountAsThePolicySays()
    {
        using var scope = NewDisposeScope();
        // One class is right to the last pixel, the other is nowhere and predicted on half of the pixels.
        var masks = tensor(new float[] { 1, 1, 0, 0, 0, 0, 0, 0 }, [1, 2, 4]);
        var scores = tensor(new float[] { 1, 1, 0, 0, 1, 1, 0, 0 }, [1, 2, 4]);

        Assert.Equal(0.5, Dice(EmptyTargetPolicy.AsComputed), 1e-5);
        Assert.Equal(0, Dice(EmptyTargetPolicy.CountAsZero), 1e-5);
        Assert.Equal(0, Dice(EmptyTargetPolicy.LeaveOut), 1e-5);
        scores = tensor(new float[] { 1, 1, 1, 1, 1, 1, 0, 0 }, [1, 2, 4]);
        Assert.Equal(1.0 / 3 / 2, Dice(EmptyTargetPolicy.CountAsZero), 1e-5);
        Assert.Equal(1.0 / 3, Dice(EmptyTargetPolicy.LeaveOut), 1e-5);

        double Dice(EmptyTargetPolicy policy) =>
            DiceLoss.Compute(scores, masks, new() { Activation = ScoreActivation.None, EmptyTargets = policy }).item<float>();
    }

    [Fact]
    public void Iou_EmptyPredictionAndTarget_IsNaNWithoutSmoothingAlone()
    {
        using var scope = NewDisposeScope();
        var empty = zeros(1, 1, 4, 4);

        Assert.Equal(float.NaN, IouLoss.Compute(empty, empty, IouLossOptions.UNet3Plus).item<float>());
        Assert.Equal(0, IouLoss.Compute(empty, empty, new() { Activation = ScoreActivation.None }).item<float>());
        Assert.Equal(0, IouLoss.Compute(empty, empty, IouLossOptions.UNet3Plus with { EmptyTargets = EmptyTargetPolicy.LeaveOut }).item<float>());
    }

    /// <summary>Plain classification has one pixel; with γ = 0 it is the cross-entropy.</summary>
    [Fact]
    public void Focal_LogitsOfAClassifierWithGammaZero_IsTheCrossEntropy()
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = (Golden.Tensor("logits", [6, 4], 3), Golden.Integers("labels", 4, 6));

        Assert.Equal(nn.functional.cross_entropy(logits, labels).item<float>(), FocalLoss.Compute(logits, labels, new() { Gamma = 0 }).item<float>(), 1e-6);
        Assert.True(FocalLoss.Compute(logits, labels).item<float>() < nn.functional.cross_entropy(logits, labels).item<float>());
    }

    /// <summary>Of 0/1 predictions the Lovász extension is the Jaccard loss itself.</summary>
    [Fact]
    public void Lovasz_PredictionsWithoutDoubt_IsTheJaccardLoss()
    {
        using var scope = NewDisposeScope();
        var (guess, labels) = (Golden.Integers("guess", 3, 2, 8, 8), Golden.Integers("truth", 3, 2, 8, 8));
        var certain = nn.functional.one_hot(guess, 3).movedim([-1], [1]).to(ScalarType.Float32);
        var expected = Enumerable.Range(0, 3).Average(c =>
            1 - (guess.eq(c) & labels.eq(c)).sum().item<long>() / (double)(guess.eq(c) | labels.eq(c)).sum().item<long>());

        Assert.Equal(expected, LovaszSoftmaxLoss.Compute(certain, labels, new() { Activation = ScoreActivation.None }).item<float>(), 1e-6);
    }

    [Fact]
    public void Similarity_OfAnImageWithItself_CostsNothing()
    {
        using var scope = NewDisposeScope();
        var image = Golden.Tensor("image", [2, 1, 48, 52], 0.5, 0.5);

        Assert.Equal(0, SsimLoss.Compute(image, image).item<float>(), 1e-6);
        Assert.Equal(0, MsSsimLoss.Compute(image, image, MsSsimLossOptions.UNet3Plus).item<float>(), 1e-6);
        Assert.Equal(0, MsSsimLoss.Compute(image, image, new() { WindowSize = 3 }).item<float>(), 1e-6);
    }

    [Fact]
    public void Boundary_DistancesOfBefore_GiveTheSameLoss()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = SegmentationLosses.Inputs(ScoreActivation.Softmax, [2, 5, 9, 11], ScalarType.Float32, ignore: false);
        var options = new BoundaryLossOptions { Spacing = [1, 3] };
        var distances = BoundaryLoss.SignedDistances(labels, 5, options.Spacing);

        Assert.Equal(BoundaryLoss.Compute(scores, labels, options).item<float>(), BoundaryLoss.FromDistances(scores, distances, options).item<float>(), 1e-5);
    }

    [Fact]
    public void UNet3Plus_Terms_AreItsPartsByName()
    {
        using var scope = NewDisposeScope();
        var (scores, masks) = SegmentationLosses.Inputs(ScoreActivation.Sigmoid, [2, 5, 32, 32], ScalarType.Float32, ignore: false);
        var loss = new UNet3PlusLoss(new() { IouWeight = 0.5 });
        var terms = loss.Terms(scores, masks);

        Assert.Equal([("focal", 1), ("ms-ssim", 1), ("iou", 0.5)], terms.Select(term => (term.Name, term.Weight)));
        Assert.Equal(FocalLoss.Compute(scores, masks, new() { Activation = ScoreActivation.Sigmoid }).item<float>(), terms[0].Value.item<float>());
        Assert.Equal(terms.Sum(term => term.Weight * term.Value.item<float>()), loss.call(scores, masks).item<float>(), 1e-6);
        Assert.Equal(["iou"], new UNet3PlusLoss(new() { FocalWeight = 0, MsSsimWeight = 0 }).Terms(scores, masks).Select(term => term.Name));
    }
}
