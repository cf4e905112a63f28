using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

public sealed class RegionWarpTests
{
    [Fact]
    public void Crop_BoxOfTheCropsSize_IsThatPartOfThePicture()
    {
        using var scope = NewDisposeScope();
        var image = Golden.Tensor("warp", [3, 20, 30]);
        var crops = RegionWarp.Crop(image, tensor(new float[] { 4, 6, 12, 14, 0, 0, 8, 8 }, [2, 4]), new() { Size = 8, Padding = 0 });
        Assert.Equal([2, 3, 8, 8], crops.shape);
        Assert.True(crops[0].allclose(image[.., 6..14, 4..12]));
        Assert.True(crops[1].allclose(image[.., ..8, ..8]));
    }

    [Theory]
    [InlineData(RegionWarpMode.Warp, 10, 13, 24, 19)]
    [InlineData(RegionWarpMode.Square, 10, 9, 24, 23)]
    public void Crop_OfASlope_SamplesTheGrownRegion(RegionWarpMode mode, float left, float top, float right, float bottom)
    {
        using var scope = NewDisposeScope();
        // A picture whose two channels are the place of each pixel's centre: bilinear samples of it are exact.
        var place = arange(60, ScalarType.Float32) + 0.5;
        var image = stack([place.expand(60, 60), place.unsqueeze(1).expand(60, 60)]);
        var options = new RegionWarpOptions { Size = 32, Padding = 4, Mode = mode };

        var crop = RegionWarp.Crop(image, tensor(new float[] { 10, 13, 24, 19 }, [1, 4]), options)[0];

        var at = (arange(32, ScalarType.Float32) + 0.5) / 32 - 0.5;
        const double growth = 32.0 / 24;
        var columns = ((left + right) / 2) + (at * (right - left) * growth);
        var rows = ((top + bottom) / 2) + (at * (bottom - top) * growth);
        Assert.True(crop[0].allclose(columns.expand(32, 32), atol: 1e-4));
        Assert.True(crop[1].allclose(rows.unsqueeze(1).expand(32, 32), atol: 1e-4));
    }

    [Fact]
    public void Crop_BeyondThePicture_IsZero()
    {
        using var scope = NewDisposeScope();
        var crop = RegionWarp.Crop(ones(1, 10, 10), tensor(new float[] { -10, 0, 10, 10 }, [1, 4]), new() { Size = 20, Padding = 0 });
        Assert.Equal(0, crop[0, 0, .., ..9].abs().max().item<float>());
        Assert.Equal(1, crop[0, 0, .., 10..].min().item<float>());
    }

    [Fact]
    public void Crop_SquareWithoutContext_LeavesTheSurroundingsEmpty()
    {
        using var scope = NewDisposeScope();
        var image = ones(1, 40, 40);
        var box = tensor(new float[] { 10, 15, 30, 25 }, [1, 4]);
        var crop = RegionWarp.Crop(image, box, new() { Size = 20, Padding = 0, Mode = RegionWarpMode.SquareWithoutContext })[0, 0];
        Assert.Equal(1, crop[5..15].min().item<float>());
        Assert.Equal(0, crop[..5].max().item<float>());
        Assert.Equal(0, crop[15..].max().item<float>());
    }

    [Fact]
    public void Crop_BadInput_NamesIt()
    {
        using var scope = NewDisposeScope();
        var image = zeros(3, 8, 8);
        Assert.Contains("[N, 4]", Assert.Throws<ArgumentException>(() => RegionWarp.Crop(image, zeros(2, 3))).Message);
        Assert.Contains("[8, 8]", Assert.Throws<ArgumentException>(() => RegionWarp.Crop(image[0], zeros(1, 4))).Message);
        Assert.Contains("less than half", Assert.Throws<ArgumentException>(() => RegionWarp.Crop(image, ones(1, 4), new() { Size = 16, Padding = 8 })).Message);
        Assert.Equal([0, 3, 227, 227], RegionWarp.Crop(image, zeros(0, 4)).shape);
    }
}
