using DeepTricks.Priors;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>Crops against torchvision, fusions against PyTorch by hand, and parts that are missing. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class TwoStreamTests
{
    private static readonly GoldenFile File = GoldenFile.Read("priors/priors.json");

    [Fact]
    public void Crop_OfBoxesInside_EqualsAlignedRoiAlignWithGradients()
    {
        using var scope = NewDisposeScope();
        var images = Golden.Tensor("crop.images", [3, 2, 12, 16]).requires_grad_();
        var boxes = stack(File["crop"]["boxes"].Parts.Select(box => tensor(box.Element.EnumerateArray().Select(one => one.GetSingle()).ToArray())).ToArray());

        var crops = PartCrop.Crop(images, boxes, 5, 6);

        File["crop"].AssertEqual("out", crops, 1e-4, 1e-5);
        File["crop"].AssertGradients("gradients", crops, [images], 1e-4, 1e-5);
    }

    [Fact]
    public void Crop_OfTheWholeImage_IsTheImage()
    {
        using var scope = NewDisposeScope();
        var images = Golden.Tensor("crop.images", [3, 2, 12, 16]);

        Assert.True(PartCrop.Crop(images, tensor(new float[] { 0, 0, 16, 12 }).expand(3, 4), 12, 16).allclose(images, 1e-4, 1e-5));
    }

    [Fact]
    public void Crop_OfMissingParts_IsNaNAndOthersAreNot()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor(new[] { 3f, 3, 3, 5, 1, 1, 4, 4, float.NaN, 0, 4, 4 }, [3, 4]);

        var crops = PartCrop.Crop(ones(3, 1, 6, 6), boxes, 2, 2);

        Assert.Equal([true, false, true], crops.isnan().flatten(1).all(1).data<bool>().ToArray());
        Assert.Equal([false, true, false], PartCrop.Present(crops).data<bool>().ToArray());
    }

    [Theory]
    [InlineData(FusionKind.Gated)]
    [InlineData(FusionKind.Attention)]
    public void Fusion_WithAMissingPart_EqualsTheReferenceWithGradients(FusionKind kind)
    {
        using var scope = NewDisposeScope();
        using var fusion = Golden.Fill(new LateFusion(kind, 6, 4, 5));
        var (whole, part) = (Golden.Tensor("fusion.whole", [4, 6]).requires_grad_(), Golden.Tensor("fusion.part", [4, 4]).requires_grad_());

        var fused = fusion.call(whole, part, tensor(new[] { true, true, false, true }));

        File[$"fusion.{kind}"].AssertEqual("out", fused);
        File[$"fusion.{kind}"].AssertGradients("gradients", fused, [whole, part]);
    }

    [Theory]
    [InlineData(FusionKind.Concat)]
    [InlineData(FusionKind.Sum)]
    [InlineData(FusionKind.Gated)]
    [InlineData(FusionKind.Attention)]
    public void Fusion_OfAMissingPartOfAnyNumbers_IsTheSame(FusionKind kind)
    {
        using var scope = NewDisposeScope();
        using var fusion = new LateFusion(kind, 3, 3, 4);
        var (whole, present) = (Golden.Tensor("whole", [2, 3]), tensor(new[] { true, false }));
        var part = Golden.Tensor("part", [2, 3]);
        var other = part.clone();
        other[1] = float.NaN;

        var fused = fusion.call(whole, part, present);

        Assert.True(fused.equal(fusion.call(whole, other, present)).all().item<bool>());
        Assert.Equal(fusion.Width, fused.size(1));
        Assert.True(fused.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(FusionKind.Concat)]
    [InlineData(FusionKind.Sum)]
    [InlineData(FusionKind.Gated)]
    [InlineData(FusionKind.Attention)]
    public void Network_WhosePartsAreMissing_KeepsTheOthersAndTheirStatistics(FusionKind kind)
    {
        using var scope = NewDisposeScope();
        (Tensor Scores, Tensor Mean) Of(bool all)
        {
            using var network = Golden.Fill(new TwoStreamNetwork(Encoder(), Encoder(), 3, new() { WholeFeatures = 6, Fusion = kind, FusedFeatures = 5 }));
            var boxes = tensor(new float[] { 1, 1, 5, 5, 0, 0, 4, 6, all ? 1 : 6, 1, 6, 6 }, [3, 4]);
            var pairs = PartCrop.Pairs(Golden.Tensor("images", [3, 2, 8, 8]), boxes);
            var scores = network.call(all ? pairs[..2] : pairs);
            return (scores, network.state_dict()["part.norm.running_mean"].clone());
        }

        var (three, mean) = Of(all: false);
        var (two, meanOfTwo) = Of(all: true);

        using (var network = new TwoStreamNetwork(Encoder(), Encoder(), 3, new() { WholeFeatures = 6, Fusion = kind }))
        {
            Assert.All(network.state_dict().Keys, name => Assert.Contains(name.Split('.')[0], (string[])["whole", "part", "fusion", "classifier"]));
        }

        // The part's encoder has seen the two parts that are there, and the third is classified by the whole.
        Assert.True(mean.equal(meanOfTwo).all().item<bool>());
        Assert.True(three.isfinite().all().item<bool>());
        Assert.Equal([3, 3], three.shape);
        Assert.Equal([2, 3], two.shape);
    }

    [Fact]
    public void Network_WithoutAnyPart_EqualsNaNParts()
    {
        using var scope = NewDisposeScope();
        using var network = Golden.Fill(new TwoStreamNetwork(Encoder(), Encoder(), 3, new() { WholeFeatures = 6 }));
        network.eval();
        var whole = Golden.Tensor("images", [3, 2, 8, 8]);

        Assert.True(network.Classify(whole, null).equal(network.Classify(whole, full_like(whole, double.NaN))).all().item<bool>());
    }

    [Fact]
    public void Network_WithOneEncoderForBoth_HoldsItOnceAndTeachesItTwice()
    {
        using var scope = NewDisposeScope();
        var encoder = Encoder();
        using var network = Golden.Fill(new TwoStreamNetwork(encoder, encoder, 3, new() { WholeFeatures = 6, Fusion = FusionKind.Sum }));
        var pairs = PartCrop.Pairs(Golden.Tensor("images", [3, 2, 8, 8]), tensor(new float[] { 1, 1, 5, 5 }).expand(3, 4));

        network.call(pairs).sum().backward();

        Assert.DoesNotContain(network.state_dict().Keys, name => name.StartsWith("part", StringComparison.Ordinal));
        Assert.Equal(network.parameters().Count(), network.parameters().Distinct().Count());
        Assert.Equal(["classifier.bias", "classifier.weight", "whole.conv.bias", "whole.conv.weight"],
            network.state_dict().Keys.Where(name => !name.Contains("norm", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Network_OverManySteps_KeepsTheNumberOfTensors()
    {
        using var network = new TwoStreamNetwork(Encoder(), Encoder(), 3, new() { WholeFeatures = 6, Fusion = FusionKind.Attention });
        void Step()
        {
            using var scope = NewDisposeScope();
            var boxes = tensor(new float[] { 1, 1, 5, 5, 0, 0, 4, 6, 6, 1, 6, 6 }, [3, 4]);
            network.call(PartCrop.Pairs(Golden.Tensor("images", [3, 2, 8, 8]), boxes)).sum().backward();
        }

        ProcessWide.AssertFlat(Step);
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var network = new TwoStreamNetwork(Encoder(), Encoder(), 3, new() { WholeFeatures = 5 });
        Assert.Throws<ArgumentException>(() => network.call(ones(2, 2, 8, 8)));
        Assert.Contains("5", Assert.Throws<ArgumentException>(() => network.call(ones([2, 2, 2, 8, 8]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => network.Classify(ones(2, 2, 8, 8), ones(3, 2, 8, 8)));
        Assert.Throws<ArgumentException>(() => new LateFusion(FusionKind.Sum, 3, 4, 5));
        Assert.Throws<ArgumentException>(() => PartCrop.Crop(ones([2, 3, 4, 4]), ones([2, 5]), 2, 2));
        Assert.Throws<ArgumentException>(() => PartCrop.Crop(ones(2, 3, 4, 4), ones(3, 4), 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PartCrop.Crop(ones(2, 3, 4, 4), ones(2, 4), 0, 2));
    }

    private static Sequential Encoder() => nn.Sequential(("conv", nn.Conv2d(2, 6, 3)), ("norm", nn.BatchNorm2d(6)), ("relu", nn.ReLU()));
}
