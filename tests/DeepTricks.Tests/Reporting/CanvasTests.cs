using DeepTricks.Data;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Reporting;

public sealed class CanvasTests
{
    private static readonly Rgb Red = new(255, 0, 0);
    private static readonly MaskStyle Flat = new() { Opacity = 1, Contour = 0 };

    [Fact]
    public void Constructor_GrayTensor_IsMagnifiedToSquares()
    {
        using var image = tensor([0f, 1f], [1, 1, 2]);

        var canvas = new Canvas(image, magnification: 3);

        Assert.Equal((2, 1, 6, 3), (canvas.Width, canvas.Height, canvas.PixelWidth, canvas.PixelHeight));
        Assert.Equal(Rgb.Black, canvas[2, 2]);
        Assert.Equal(Rgb.White, canvas[3, 0]);
    }

    [Fact]
    public void Constructor_Bytes_AreRead()
    {
        var canvas = new Canvas([1, 2, 3, 255, 4, 5, 6, 0], 2, 1, 4);

        Assert.Equal(new Rgb(1, 2, 3), canvas[0, 0]);
        Assert.Equal(new Rgb(4, 5, 6), canvas[1, 0]);
    }

    [Fact]
    public void Mask_Half_MixesInsideAndIsFullOnTheContour()
    {
        using var mask = zeros(5, 5, dtype: ScalarType.Bool);
        mask[1..4, 1..4] = true;

        var canvas = new Canvas(5, 5, Rgb.Black).Mask(mask, Red, new() { Opacity = 0.5, Contour = 1 });

        Assert.Equal(Rgb.Black, canvas[0, 2]);
        Assert.Equal(Red, canvas[1, 2]);
        Assert.Equal(new Rgb(128, 0, 0), canvas[2, 2]);
    }

    [Fact]
    public void Mask_UpToTheBorder_HasNoContourThere()
    {
        using var mask = ones(3, 3, dtype: ScalarType.Byte);

        var canvas = new Canvas(3, 3, Rgb.Black).Mask(mask, Red, new() { Opacity = 0, Contour = 1 });

        Assert.True(canvas.Pixels.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Mask_Probabilities_AreInsideAboveOneHalfAlone()
    {
        using var mask = tensor([0.5f, 0.6f], [1, 1, 2]);

        var canvas = new Canvas(2, 1, Rgb.Black).Mask(mask, Red, Flat);

        Assert.Equal(Rgb.Black, canvas[0, 0]);
        Assert.Equal(Red, canvas[1, 0]);
    }

    [Fact]
    public void Classes_EachHasItsColour_BackgroundAndIgnoredStayBare()
    {
        using var classes = tensor(new long[] { 0, 1, 2, 255, -1 }, [1, 5]);

        var canvas = new Canvas(5, 1, Rgb.Black).Classes(classes, Flat with { IgnoreIndex = 255 });

        Assert.Equal([Rgb.Black, Palette.Of(0), Palette.Of(1), Rgb.Black, Rgb.Black], Enumerable.Range(0, 5).Select(x => canvas[x, 0]));
    }

    [Fact]
    public void Box_InTheImage_HasAFrameAtItsEdgesAndNothingInside()
    {
        var canvas = new Canvas(20, 20, Rgb.Black).Box(4, 5, 16, 15, Red);

        Assert.Equal(Red, canvas[4, 5]);
        Assert.Equal(Red, canvas[15, 14]);
        Assert.Equal(Rgb.Black, canvas[16, 15]);
        Assert.Equal(Rgb.Black, canvas[10, 10]);
        Assert.Equal(Rgb.Black, canvas[3, 5]);
    }

    [Theory]
    [InlineData(5, 30)]
    [InlineData(5, 0)]
    [InlineData(60, 60)]
    [InlineData(-10, -10)]
    public void Box_LabelWhereverItFalls_StandsWholeInThePicture(double left, double top)
    {
        var canvas = new Canvas(80, 64, Rgb.White).Box(left, top, left + 12, top + 12, Red, "Cat", 0.5);
        var alone = new Canvas(80, 64, Red);
        alone.Write(0, 0, "Cat 0.50", Red.Ink, 1);

        Assert.Equal(Count(alone, Red.Ink), Count(canvas, Red.Ink));
    }

    [Fact]
    public void Boxes_OfADetector_AreThoseDrawnOneByOne()
    {
        using var boxes = tensor([2f, 20f, 30f, 50f, 40f, 20f, 60f, 55f], [2, 4]);
        using var labels = tensor(new long[] { 1, 0 });
        using var scores = tensor([0.25f, 0.75f]);

        var drawn = new Canvas(96, 64, Rgb.White).Boxes(boxes, labels, scores, ["dog", "cat"]);

        var expected = new Canvas(96, 64, Rgb.White).Box(2, 20, 30, 50, Palette.Of(1), "cat", 0.25).Box(40, 20, 60, 55, Palette.Of(0), "dog", 0.75);
        Assert.True(expected.Pixels.SequenceEqual(drawn.Pixels));
    }

    [Fact]
    public void Boxes_None_DrawNothing()
    {
        using var boxes = zeros(0, 4);
        using var labels = zeros(0, dtype: ScalarType.Int64);

        Assert.True(new Canvas(8, 8, Red).Boxes(boxes, labels).Pixels.SequenceEqual(new Canvas(8, 8, Red).Pixels));
    }

    [Fact]
    public void Text_EveryCharacterOfAscii_LooksDifferent()
    {
        var shapes = Enumerable.Range(0x20, 0x60).Select(code => Convert.ToHexString(new Canvas(6, 8, Rgb.White).Text(0, 0, $"{(char)code}", Rgb.Black).Pixels)).ToList();

        Assert.Equal(0x60, shapes.Distinct().Count());
        Assert.Equal(Convert.ToHexString(new Canvas(6, 8, Rgb.White).Text(0, 0, "\x7f", Rgb.Black).Pixels), Convert.ToHexString(new Canvas(6, 8, Rgb.White).Text(0, 0, "é", Rgb.Black).Pixels));
    }

    [Fact]
    public void ToPng_ReadBack_IsTheSame()
    {
        var canvas = new Canvas(9, 7, Red).Text(1, 1, "x", Rgb.White);

        using var read = PngFile.Read(canvas.ToPng(), "canvas").ToByteTensor();

        Assert.True(canvas.Pixels.SequenceEqual(read.permute(1, 2, 0).contiguous().data<byte>().ToArray()));
    }

    [Fact]
    public void Grid_TwoByTwoWithTitles_PlacesPicturesUnderThem()
    {
        Canvas[] row = [new(10, 6, Red), new(10, 6, Rgb.Black)];

        var grid = new PictureGrid { ColumnTitles = ["a", "b"], RowTitles = ["one", "two"], Gap = 4, LetterScale = 1 }.Draw(row, [row[1]]);

        Assert.Equal((Math.Max(4 + 10 + 4 + 10 + 4, (3 * 6) - 1 + 8), (3 * 12) + (2 * 6) + (3 * 4)), (grid.Width, grid.Height));
        Assert.Equal(Red, grid[4, 28]);
        Assert.Equal(Rgb.Black, grid[18, 28]);
        Assert.Equal(Rgb.White, grid[17, 28]);
        Assert.Equal(Rgb.White, grid[18, 52]);
    }

    [Fact]
    public void BadInput_NamesTheParameter()
    {
        var canvas = new Canvas(4, 4, Red);
        using var small = zeros(3, 4);
        using var real = zeros(4, 4);
        using var five = zeros(1, 5);
        using var box = zeros(1, 4);
        using var two = zeros(2, dtype: ScalarType.Int64);

        Assert.Equal("mask", Assert.Throws<ArgumentException>(() => canvas.Mask(small, Red)).ParamName);
        Assert.Equal("classes", Assert.Throws<ArgumentException>(() => canvas.Classes(real)).ParamName);
        Assert.Equal("boxes", Assert.Throws<ArgumentException>(() => canvas.Boxes(five)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => canvas.Boxes(box, two)).ParamName);
        Assert.Throws<ArgumentException>(() => canvas.Box(2, 0, 1, 1, Red));
        Assert.Throws<ArgumentException>(() => canvas.Box(double.NaN, 0, 1, 1, Red));
        Assert.Equal("magnification", Assert.Throws<ArgumentOutOfRangeException>(() => new Canvas(real, 0)).ParamName);
        Assert.Equal("pixels", Assert.Throws<ArgumentException>(() => new Canvas(new byte[3], 2, 1, 1)).ParamName);
        Assert.Throws<ArgumentException>(() => new PictureGrid().Draw());
        Assert.Throws<ArgumentException>(() => new PictureGrid { ColumnTitles = ["a", "b"] }.Draw([canvas]));
    }

    [Theory]
    [InlineData(255, 255, 0, true)]
    [InlineData(0, 0, 160, false)]
    public void Ink_OfAGround_IsTheOneWithMoreContrast(byte red, byte green, byte blue, bool black) =>
        Assert.Equal(black ? Rgb.Black : Rgb.White, new Rgb(red, green, blue).Ink);

    private static int Count(Canvas canvas, Rgb color) =>
        (from y in Enumerable.Range(0, canvas.PixelHeight) from x in Enumerable.Range(0, canvas.PixelWidth) where canvas[x, y] == color select 1).Count();
}
