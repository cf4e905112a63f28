using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Pooling;

/// <summary>The pyramid against torchvision's, and the level of a box.</summary>
public sealed class MultiScaleRoiAlignTests
{
    private static readonly GoldenFile File = GoldenFile.Read("detection/pyramid.json");

    [Theory]
    [InlineData("four")]
    [InlineData("one")]
    [InlineData("same")]
    public void Forward_AsTorchvision_GivesItsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        Tensor[] levels = [.. one["levels"].Parts.Select((shape, i) => Golden.Tensor($"pyramid.{name}.{i}", [.. shape.Element.EnumerateArray().Select(n => n.GetInt64())]).requires_grad_())];
        Tensor[] boxes = [.. one["boxes"].Parts.Select(rows => Given.Rows(rows, 4))];
        (long, long)[] sizes = [.. one["sizes"].Parts.Select(size => (size.Element[0].GetInt64(), size.Element[1].GetInt64()))];
        using var pool = new MultiScaleRoiAlign(new(3));

        var pooled = pool.call(levels, boxes, sizes);

        one.AssertEqual("out", pooled, 1e-5, 1e-5);
        one.AssertGradients("gradients", pooled, levels, 1e-4, 1e-5);
    }

    [Fact]
    public void Of_SidesAroundTheBounds_GivesTorchvisionsLevels()
    {
        using var scope = NewDisposeScope();
        var one = File["mapper"];

        var levels = new PyramidLevels(2, 5).Of(Given.Rows(one, "boxes", 4));

        Assert.Equal(one.Integers("levels"), levels.data<long>().ToArray());
    }
}
