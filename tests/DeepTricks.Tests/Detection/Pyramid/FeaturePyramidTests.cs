using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

public sealed class FeaturePyramidTests
{
    public static IEnumerable<object[]> Names => PartsFixture.Of("pyramid");

    [Theory]
    [MemberData(nameof(Names))]
    public void Call_MapsOfOddSizes_GivesTorchvisionsLevelsAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var one = PartsFixture.Cases[name];
        using var pyramid = Golden.Fill(new FeaturePyramid([6, 8, 10], new() { Channels = 4, NormLayer = one.Flag("norm") ? channels => nn.BatchNorm2d(channels) : null }));
        pyramid.eval();
        Tensor[] maps = [Map(0, 6, 21, 14), Map(1, 8, 11, 7), Map(2, 10, 6, 4)];

        var levels = pyramid.call(maps);

        Assert.Equal(one.Element.GetProperty("entries").EnumerateArray().Select(entry => entry.GetString()!), pyramid.state_dict().Keys.Order(StringComparer.Ordinal));
        for (var i = 0; i < levels.Count; i++) one["levels"].Parts[i].AsSample().AssertEqual(levels[i], 1e-5, 1e-5);
        one.AssertGradients("gradients", levels, maps, 1e-4, 1e-5);
    }

    [Fact]
    public void Call_OtherMaps_SaysHowManyAreExpected()
    {
        using var pyramid = new FeaturePyramid([6, 8]);
        Assert.Throws<ArgumentException>("maps", () => pyramid.call([zeros(1, 6, 4, 4)]));
        Assert.Throws<ArgumentException>("channels", () => new FeaturePyramid([]));
    }

    private static Tensor Map(int index, long channels, long height, long width) => Golden.Tensor($"map{index}", [2, channels, height, width]).requires_grad_();
}
