using System.Text.Json;
using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

public sealed class AnchorGeneratorTests
{
    public static IEnumerable<object[]> Names => PartsFixture.Of("anchors");

    [Theory]
    [MemberData(nameof(Names))]
    public void Generate_ForGrids_LaysTorchvisionsAnchors(string name)
    {
        using var scope = NewDisposeScope();
        var one = PartsFixture.Cases[name];
        var sizes = one.Element.GetProperty("sizes").Deserialize<double[][]>()!;
        var grids = one.Element.GetProperty("grids").Deserialize<long[][]>()!.Select(grid => new ImageSize(grid[0], grid[1])).ToList();
        var image = one.Integers("image");
        var generator = new AnchorGenerator(sizes, one.Numbers("ratios"));

        var anchors = generator.Generate(grids, new(image[0], image[1]), zeros(1));

        for (var i = 0; i < anchors.Count; i++) one["anchors"].Parts[i].AsSample().AssertEqual(anchors[i], 0, 0);
    }

    [Fact]
    public void Generate_Size32_RoundsHalfToEven()
    {
        using var scope = NewDisposeScope();
        var cell = new AnchorGenerator([[32]]).Generate([new(1, 1)], new(32, 32), zeros(1))[0];

        Assert.Equal([-23, -11, 23, 11, -16, -16, 16, 16, -11, -23, 11, 23], cell.data<float>().ToArray());
    }

    [Fact]
    public void Generate_InDouble_FollowsTheGivenTensor()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Float64, new AnchorGenerator([[32]]).Generate([new(2, 2)], new(32, 32), zeros(1, dtype: ScalarType.Float64))[0].dtype);
    }

    [Fact]
    public void For_StridesOfAPyramid_TakesEightTimesEach() =>
        Assert.Equal([32, 64, 128, 256, 512], AnchorGenerator.For([4, 8, 16, 32, 64]).Sizes.Select(sizes => Assert.Single(sizes)));

    [Fact]
    public void Constructor_BadNumbers_NamesThem()
    {
        Assert.Throws<ArgumentException>("sizes", () => new AnchorGenerator([]));
        Assert.Throws<ArgumentException>("sizes", () => new AnchorGenerator([[32], []]));
        Assert.Throws<ArgumentException>("sizes", () => new AnchorGenerator([[-1]]));
        Assert.Throws<ArgumentException>("ratios", () => new AnchorGenerator([[32]], [double.NaN]));
        Assert.Throws<ArgumentException>("grids", () => new AnchorGenerator([[32]]).Generate([new(1, 1), new(2, 2)], new(32, 32), zeros(1)));
    }
}
