using DeepTricks.Interpretability;
using DeepTricks.Kernels;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>Boxes against the authors' code, resizing against libtorch's bicubic, percentiles against sorting.</summary>
public sealed class PrototypeActivationTests
{
    [Fact]
    public void Box_OfMaps_IsTheAuthors()
    {
        foreach (var expected in PrototypeFixture.File["boxes"]["maps"].Parts)
        {
            using var scope = NewDisposeScope();
            var (rows, columns) = ((int)expected.Integer("rows"), (int)expected.Integer("columns"));
            var map = new PrototypeActivation(Golden.Tensor($"box.{expected.Text("name")}", [rows, columns]).data<float>().ToArray(), rows, columns);
            var (height, width) = ((int)expected.Integer("height"), (int)expected.Integer("width"));
            expected.AssertEqual("large", map.Resize(height, width), 1e-4, 1e-5);
            var box = map.Box(height, width, expected.Number("percentile"));

            Assert.Equal(expected.Integers("box"), new long[] { box.Top, box.Bottom, box.Left, box.Right });
        }
    }

    [Theory]
    [InlineData(4, 6, 9, 31)]
    [InlineData(7, 7, 3, 5)]
    [InlineData(1, 1, 4, 4)]
    public void Resize_ToAnySize_IsLibtorchsBicubic(int rows, int columns, int height, int width)
    {
        using var scope = NewDisposeScope();
        var map = Golden.Tensor("map", [rows, columns]);
        var expected = nn.functional.interpolate(map.unsqueeze(0).unsqueeze(0), [height, width], mode: InterpolationMode.Bicubic, align_corners: false)[0, 0];

        Assert.True(expected.allclose(new PrototypeActivation(map.data<float>().ToArray(), rows, columns).Resize(height, width), 1e-4, 1e-5));
    }

    [Fact]
    public void Box_OfAConstantMap_IsTheWholeImage()
    {
        var map = new PrototypeActivation([2, 2, 2, 2], 2, 2);

        Assert.Equal(new(0, 10, 0, 7), map.Box(10, 7));
        using var heat = map.Heat(10, 7);
        Assert.Equal(0, heat.abs().max().item<float>());
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Box(10, 7, 101));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Box(0, 7));
        Assert.Throws<InvalidOperationException>(() => new PrototypeActivation([1], 2, 2).Box(3, 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(95)]
    [InlineData(99.9)]
    [InlineData(100)]
    public void Percentile_OfAnyValues_IsThatOfTheSortedOnes(double percent)
    {
        foreach (var count in new[] { 1, 2, 3, 50, 5000 })
        {
            foreach (var power in new[] { 1, 9 })
            {
                float[] values = [.. Golden.Numbers("values", count).Select(value => (float)Math.Pow(value, power) * 100)];
                var sorted = values.Order().ToArray();
                var place = percent / 100 * (count - 1);
                var (below, above) = (sorted[(int)place], sorted[Math.Min((int)place + 1, count - 1)]);

                Assert.Equal((float)(below + ((above - below) * (place - (int)place))), Percentile.Of(values, percent), 1e-4f);
            }
        }
    }
}
