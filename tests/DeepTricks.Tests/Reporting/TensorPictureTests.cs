using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Reporting;

public sealed class TensorPictureTests
{
    [Fact]
    public void Encode_FloatsOfThreePlanes_AreInterleavedAndRounded()
    {
        using var image = tensor([0f, 1f, 0.5f, 0.2f, 1f, 0f], [3, 1, 2]);

        Assert.Equal(PngEncoder.Encode([0, 128, 255, 255, 51, 0], 2, 1, 3), PngEncoder.Encode(image));
    }

    [Fact]
    public void Encode_Bytes_StayAsTheyAre()
    {
        using var image = tensor(new byte[] { 0, 7, 255, 128 }, [2, 2]);

        Assert.Equal(PngEncoder.Encode([0, 7, 255, 128], 2, 2, 1), PngEncoder.Encode(image));
    }

    [Fact]
    public void Encode_ViewThatNeedsGradients_ReadsTheViewsOrder()
    {
        using var upright = tensor([0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f], [2, 3], requires_grad: true);
        using var turned = upright.transpose(0, 1);

        Assert.Equal(PngEncoder.Encode([0, 153, 51, 204, 102, 255], 2, 3, 1), PngEncoder.Encode(turned));
    }

    [Fact]
    public void Encode_ManyTimes_LeavesNoTensorBehind()
    {
        using var image = tensor([0.0, 1.0], [1, 1, 2]);
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 10; i++)
            PngEncoder.Encode(image);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.False(image.IsInvalid);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.5f)]
    [InlineData(2.1f)]
    public void Encode_ValueThatIsNoShade_SaysWhich(float value)
    {
        using var image = tensor([0f, value], [1, 2]);

        var error = Assert.Throws<ArgumentException>(() => PngEncoder.Encode(image));

        Assert.Equal("image", error.ParamName);
        Assert.Contains($"{value}", error.Message);
    }

    [Fact]
    public void Constructor_WrongShapeOrType_SaysWhatCame()
    {
        using var batch = zeros(1, 3, 2, 2);
        using var two = zeros(2, 4, 4);
        using var whole = zeros(1, 4, 4, dtype: ScalarType.Int64);

        Assert.Contains("[1, 3, 2, 2]", Assert.Throws<ArgumentException>(() => new Picture(batch)).Message);
        Assert.Contains("[2, 4, 4]", Assert.Throws<ArgumentException>(() => new Picture(two)).Message);
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => new Picture(whole)).Message);
    }
}
