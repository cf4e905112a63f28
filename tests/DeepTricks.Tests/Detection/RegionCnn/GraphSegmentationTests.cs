using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>Segmentations against scikit-image: tests/fixtures/rcnn/make_rcnn.py.</summary>
public sealed class GraphSegmentationTests
{
    private static readonly GoldenFile File = GoldenFile.Read("rcnn/segmentations.json");

    public static IEnumerable<object[]> Names => File.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Segment_PatchesUnderNoise_EqualsScikitImage(string name)
    {
        var one = File[name];
        using var image = RegionPicture.Of(name, one.Integer("height"), one.Integer("width"), one.Integer("patch"));

        using var labels = GraphSegmentation.Segment(image, new() { Scale = one.Number("scale"), Sigma = one.Number("sigma"), MinimumSize = (int)one.Integer("least") });

        one.AssertEqual("labels", labels);
        Assert.Equal(one.Integer("count") - 1, labels.max().item<long>());
    }

    [Fact]
    public void Segment_TwoHalves_FindsThem()
    {
        using var image = zeros(3, 10, 12);
        image[.., .., 7..] = 1;

        using var labels = GraphSegmentation.Segment(image, new() { Sigma = 0 });

        using var expected = zeros(10, 12, dtype: ScalarType.Int64);
        expected[.., 7..] = 1;
        Assert.True(labels.eq(expected).all().item<bool>());
    }

    [Fact]
    public void Segment_BytesAndFloats_AreTheSame()
    {
        using var bytes = randint(0, 256, [3, 20, 17], ScalarType.Byte);
        using var floats = bytes.to(ScalarType.Float32) / 255;
        using var one = GraphSegmentation.Segment(bytes);
        using var other = GraphSegmentation.Segment(floats);
        Assert.True(one.eq(other).all().item<bool>());
    }

    [Fact]
    public void Segment_BadImage_Throws()
    {
        using var flat = zeros(4, 4);
        using var labels = zeros([3, 4, 4], ScalarType.Int64);
        using var normalised = full([3, 4, 4], -2f);
        Assert.Contains("[4, 4]", Assert.Throws<ArgumentException>(() => GraphSegmentation.Segment(flat)).Message);
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => GraphSegmentation.Segment(labels)).Message);
        Assert.Contains("-2", Assert.Throws<ArgumentException>(() => GraphSegmentation.Segment(normalised)).Message);
    }
}
