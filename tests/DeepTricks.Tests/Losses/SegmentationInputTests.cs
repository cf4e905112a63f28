using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Losses;

/// <summary>What does not fit is said by name, before libtorch sees it.</summary>
public sealed class SegmentationInputTests
{
    public static TheoryData<string> Names => [.. SegmentationLosses.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_BadInput_NamesTheArgument(string name)
    {
        using var scope = NewDisposeScope();
        var loss = SegmentationLosses.All[name](ScoreActivation.Sigmoid);
        var (scores, masks) = (zeros(2, 5, 16, 16), zeros(2, 5, 16, 16));

        Assert.Equal("scores", Assert.Throws<ArgumentException>(() => loss(zeros(5), masks)).ParamName);
        Assert.Equal("scores", Assert.Throws<ArgumentException>(() => loss(scores.to(ScalarType.Int64), masks)).ParamName);
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => loss(scores, zeros(2, 5, 16, 15))).ParamName);
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => loss(scores, zeros(2, 16, 16))).ParamName);
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => loss(scores, masks.to(ScalarType.Int32))).ParamName);
        Assert.Throws<ArgumentNullException>(() => loss(scores, null!));
        Assert.Throws<ArgumentNullException>(() => loss(null!, masks));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_LabelThatIsNoClass_IsNamed(string name)
    {
        if (SegmentationLosses.IsForMasks(name))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var loss = SegmentationLosses.All[name](ScoreActivation.Softmax);
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            var labels = zeros(1, 16, 16, ScalarType.Int64);
            labels[0, 3, 3] = 5;
            var message = Assert.Throws<ArgumentException>(() => loss(zeros(1, 5, 16, 16, dtype), labels)).Message;

            Assert.Contains("Label 5 is not one of 5 classes", message);
        }
    }

    [Fact]
    public void Loss_SoftmaxOfOneClass_IsRefused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => DiceLoss.Compute(zeros(1, 1, 4, 4), zeros(1, 4, 4, ScalarType.Int64)));

        Assert.Contains("Sigmoid", error.Message);
    }

    [Fact]
    public void Loss_WeightsForOtherClasses_AreRefused()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = (zeros(1, 3, 4, 4), zeros(1, 4, 4, ScalarType.Int64));

        Assert.Throws<ArgumentException>(() => DiceLoss.Compute(scores, labels, new() { ClassWeights = [1, 1] }));
        Assert.Throws<ArgumentException>(() => FocalLoss.Compute(scores, labels, new() { ClassWeights = [1, 1] }));
        Assert.Throws<ArgumentException>(() => IouLoss.Compute(scores, labels, new() { Pooling = OverlapPooling.Sample, ClassWeights = [1, 1, 1] }));
        Assert.Throws<ArgumentException>(() => BoundaryLoss.Compute(scores, labels, new() { Spacing = [1, 1, 1] }));
    }

    [Fact]
    public void Similarity_SidesTooSmall_AreRefused()
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 1, 160, 200);

        Assert.Contains("at least 161", Assert.Throws<ArgumentException>(() => MsSsimLoss.Compute(image, image)).Message);
        Assert.Contains("at least 11", Assert.Throws<ArgumentException>(() => SsimLoss.Compute(zeros(1, 1, 10, 20), zeros(1, 1, 10, 20))).Message);
        Assert.Contains("at least 16", Assert.Throws<ArgumentException>(() => MsSsimLoss.Compute(zeros(1, 1, 15, 20), zeros(1, 1, 15, 20), MsSsimLossOptions.UNet3Plus)).Message);
        Assert.Throws<ArgumentException>(() => MsSsimLoss.Compute(image, image, MsSsimLossOptions.UNet3Plus with { Reduction = nn.Reduction.None }));
    }

    [Fact]
    public void Options_ValuesOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FocalLossOptions { Gamma = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FocalLossOptions { Alpha = 1.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiceLossOptions { NumeratorSmoothing = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiceLossOptions { ClassWeights = [1, -1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TverskyLossOptions { Exponent = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SsimLossOptions { WindowSize = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SsimLossOptions { DataRange = 0 });
        Assert.Throws<ArgumentException>(() => new MsSsimLossOptions { LevelWeights = [] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HausdorffLossOptions { Exponent = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoundaryLossOptions { Spacing = [0] });
        Assert.Throws<ArgumentException>(() => new UNet3PlusLoss(new() { FocalWeight = 0, MsSsimWeight = 0, IouWeight = 0 }));
        Assert.Throws<ArgumentException>(() => new UNet3PlusLoss(new() { Focal = new() { Reduction = nn.Reduction.Sum } }));
    }
}
