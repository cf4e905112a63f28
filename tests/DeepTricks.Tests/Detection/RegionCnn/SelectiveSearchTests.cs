using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>Selective search against the same grouping in numpy over scikit-image's colours and segments: tests/fixtures/rcnn/make_rcnn.py.</summary>
public sealed class SelectiveSearchTests
{
    private static readonly GoldenFile File = GoldenFile.Read("rcnn/searches.json");

    public static IEnumerable<object[]> Names => File.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Propose_OneStrategy_GivesTheRegionsOfTheNumpyVersion(string name)
    {
        var one = File[name];
        using var image = RegionPicture.Of(one.Text("picture"), 60, 80, 10);
        var similarities = one["similarities"].Parts.Select(part => Enum.Parse<RegionSimilarities>(part.Element.GetString()!)).Aggregate((a, b) => a | b);

        using var boxes = SelectiveSearch.Propose(image, new()
        {
            ColorSpaces = [Enum.Parse<SearchColorSpace>(one.Text("space"))],
            Scales = [(int)one.Integer("k")],
            Similarities = [similarities],
            MinimumSide = 0,
        });

        var expected = one["boxes"].Parts.Select(box => string.Join(' ', box.Element.EnumerateArray())).Order(StringComparer.Ordinal);
        Assert.Equal(expected, RegionPicture.Rows(boxes));
    }

    [Fact]
    public void Propose_ShapesInClutter_CoversEach()
    {
        using var image = Golden.Tensor("clutter", [3, 120, 160], 0.05, 0.4);
        (int Left, int Top, int Right, int Bottom)[] objects = [(10, 12, 50, 44), (70, 20, 130, 60), (25, 70, 55, 110), (90, 75, 150, 105)];
        for (var i = 0; i < objects.Length; i++)
        {
            var (left, top, right, bottom) = objects[i];
            image[i % 3, top..bottom, left..right] += 0.4;
        }

        using var boxes = SelectiveSearch.Propose(image);

        var rows = boxes.data<float>().ToArray().Chunk(4).ToArray();
        foreach (var one in objects) Assert.True(rows.Max(row => Overlap(row, one)) > 0.8, $"{one} is covered by {rows.Max(row => Overlap(row, one)):F2} at most.");
        Assert.InRange(rows.Length, 4, 400);
    }

    [Fact]
    public void Propose_MirroredPicture_GivesMirroredBoxes()
    {
        using var scope = NewDisposeScope();
        var image = RegionPicture.Of("mirror", 60, 80, 10);
        var options = new SelectiveSearchOptions { MinimumSide = 0 };

        var boxes = SelectiveSearch.Propose(image, options);
        var mirrored = SelectiveSearch.Propose(image.flip(2), options);

        var back = stack([80 - mirrored[.., 2], mirrored[.., 1], 80 - mirrored[.., 0], mirrored[.., 3]], 1);
        Assert.Equal(RegionPicture.Rows(boxes), RegionPicture.Rows(back));
    }

    [Fact]
    public void Propose_SameSeed_IsTheSame_AnotherSeedReorders()
    {
        using var image = RegionPicture.Of("seed", 60, 80, 10);
        using var first = SelectiveSearch.Propose(image, new() { MinimumSide = 10, Seed = 4 });
        using var again = SelectiveSearch.Propose(image, new() { MinimumSide = 10, Seed = 4 });
        using var other = SelectiveSearch.Propose(image, new() { MinimumSide = 10, Seed = 5 });
        Assert.True(first.eq(again).all().item<bool>());
        Assert.False(first.eq(other).all().item<bool>());
        Assert.Equal(RegionPicture.Rows(first), RegionPicture.Rows(other));
    }

    [Fact]
    public void Propose_Quality_GivesMoreThanFast_AndFastMoreThanSingle()
    {
        using var image = RegionPicture.Of("modes", 90, 120, 12);
        using var single = SelectiveSearch.Propose(image, SelectiveSearchOptions.Single);
        using var fast = SelectiveSearch.Propose(image, SelectiveSearchOptions.Fast);
        using var quality = SelectiveSearch.Propose(image, SelectiveSearchOptions.Quality);
        Assert.True(single.size(0) < fast.size(0) && fast.size(0) < quality.size(0), $"{single.size(0)}, {fast.size(0)}, {quality.size(0)}");
    }

    [Fact]
    public void Propose_ScaledToAWidth_GivesBoxesOfThePicture()
    {
        using var image = RegionPicture.Of("width", 60, 80, 20);
        using var boxes = SelectiveSearch.Propose(image, new() { Width = 160, MaximumBoxes = 30 });
        Assert.InRange(boxes.size(0), 5, 30);
        Assert.True(boxes.ge(0).all().item<bool>());
        Assert.Equal(80, boxes[.., 2].max().item<float>());
        Assert.Equal(60, boxes[.., 3].max().item<float>());
    }

    [Fact]
    public void Propose_EvenPicture_GivesItsBoxAlone()
    {
        using var image = full([3, 30, 40], 0.5f);
        using var boxes = SelectiveSearch.Propose(image);
        Assert.Equal(["0 0 40 30"], RegionPicture.Rows(boxes));
    }

    [Fact]
    public void Options_ThatMakeNoSense_Throw()
    {
        Assert.Throws<ArgumentException>(() => new SelectiveSearchOptions { Scales = [] });
        Assert.Throws<ArgumentException>(() => new SelectiveSearchOptions { Similarities = [0] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SelectiveSearchOptions { MinimumSide = double.NaN });
        using var gray = zeros(1, 8, 8);
        Assert.Contains("[3, H, W]", Assert.Throws<ArgumentException>(() => SelectiveSearch.Propose(gray)).Message);
    }

    private static double Overlap(float[] box, (int Left, int Top, int Right, int Bottom) other)
    {
        var width = Math.Max(Math.Min(box[2], other.Right) - Math.Max(box[0], other.Left), 0);
        var height = Math.Max(Math.Min(box[3], other.Bottom) - Math.Max(box[1], other.Top), 0);
        var area = ((box[2] - box[0]) * (box[3] - box[1])) + ((other.Right - other.Left) * (other.Bottom - other.Top));
        return width * height / (area - (width * height));
    }
}
