using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Reporting;

/// <summary>Colour maps, and maps of values painted over pictures.</summary>
public sealed class ColorMapTests
{
    public static IEnumerable<object[]> Maps => [[ColorMap.Viridis], [ColorMap.Inferno], [ColorMap.Magma]];

    [Theory]
    [MemberData(nameof(Maps))]
    public void At_FromZeroToOne_GrowsBrighterByEvenSteps(ColorMap map)
    {
        var lightness = Enumerable.Range(0, 21).Select(i => Lightness(map.At(i / 20.0))).ToList();
        var steps = lightness.Zip(lightness.Skip(1), (below, above) => above - below).ToList();

        Assert.All(steps, step => Assert.InRange(step, 0.5 * steps.Average(), 1.6 * steps.Average()));
    }

    [Fact]
    public void At_TheEndsAndBeyond_GivesTheEnds()
    {
        Assert.Equal(new Rgb(68, 1, 84), ColorMap.Viridis.At(0));
        Assert.Equal(new Rgb(253, 231, 37), ColorMap.Viridis.At(1));
        Assert.Equal(ColorMap.Viridis.At(1), ColorMap.Viridis.At(7));
        Assert.Equal(ColorMap.Viridis.At(0), ColorMap.Viridis.At(double.NegativeInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => ColorMap.Viridis.At(double.NaN));
    }

    [Fact]
    public void Heat_OverAMagnifiedPicture_InterpolatesTheMap()
    {
        using var scope = NewDisposeScope();
        var map = tensor(new float[] { 0, 1 }, [1, 2]);

        var canvas = new Canvas(zeros(1, 2, 2), magnification: 4).Heat(map, new() { Opacity = 1 });

        Assert.Equal(ColorMap.Viridis.At(0), canvas[0, 0]);
        Assert.Equal(ColorMap.Viridis.At(0.375), canvas[3, 5]);
        Assert.Equal(ColorMap.Viridis.At(1), canvas[7, 7]);
    }

    [Fact]
    public void Heat_ThatFades_LeavesThePictureBareWhereNothingIs()
    {
        using var scope = NewDisposeScope();

        var canvas = new Canvas(full([1, 1, 2], 0.5f)).Heat(tensor(new float[] { 0, 1 }, [1, 2]), new() { Opacity = 1, Fade = true, Colors = ColorMap.Inferno });

        Assert.Equal(new Rgb(128, 128, 128), canvas[0, 0]);
        Assert.Equal(ColorMap.Inferno.At(1), canvas[1, 0]);
    }

    [Fact]
    public void Heat_OfWrongMaps_Refuses()
    {
        using var scope = NewDisposeScope();
        var canvas = new Canvas(2, 2, Rgb.White);

        Assert.Contains("[1, 2, 2]", Assert.Throws<ArgumentException>(() => canvas.Heat(zeros(1, 2, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("3", Assert.Throws<ArgumentException>(() => canvas.Heat(full([2, 2], 3f))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => canvas.Heat(full([2, 2], float.NaN)));
    }

    /// <summary>L* of CIELAB.</summary>
    private static double Lightness(Rgb color)
    {
        var y = (0.2126 * Linear(color.Red)) + (0.7152 * Linear(color.Green)) + (0.0722 * Linear(color.Blue));
        return y > 0.008856 ? (116 * Math.Cbrt(y)) - 16 : 903.3 * y;

        static double Linear(byte value) => value <= 10 ? value / (255 * 12.92) : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
    }
}
