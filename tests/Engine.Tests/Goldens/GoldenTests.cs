using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Goldens;

/// <summary>The reader of the golden numbers itself, against numbers that golden.py printed.</summary>
public class GoldenTests
{
    [Fact]
    public void Numbers_OfAName_AreThoseOfPython() =>
        Assert.Equal([0.09014995783428947, -0.8503704580602125, 0.9200377729443874], Golden.Numbers("conv1.weight", 3));

    [Fact]
    public void Integers_OfAName_AreThoseOfPython()
    {
        using var actual = Golden.Integers("labels", 10, 2, 3);
        Assert.Equal([0, 7, 2, 3, 7, 9], actual.data<long>().ToArray());
        Assert.Equal([2, 3], actual.shape);
    }

    [Fact]
    public void AssertEqual_OneElementWrong_SaysWhich()
    {
        using var expected = Golden.Tensor("x", [2, 3], dtype: ScalarType.Float64);
        var numbers = Golden.Numbers("x", 6);
        var sample = new GoldenSample("case.out", [2, 3], "float64", numbers.Sum(), numbers.Sum(Math.Abs), [0, 2, 5], [numbers[0], numbers[2], numbers[5]]);
        Assert.Null(sample.Difference(expected));

        using var wrong = expected.clone();
        wrong[1, 2] = 7;
        Assert.StartsWith("case.out: element [1, 2] is 7, and ", sample.Difference(wrong));
    }

    [Fact]
    public void AssertEqual_ElementBetweenTheSampledWrong_FailsOnTheSum()
    {
        var numbers = Golden.Numbers("x", 6);
        var sample = new GoldenSample("case.out", [6], "float64", numbers.Sum(), numbers.Sum(Math.Abs), [0, 5], [numbers[0], numbers[5]]);
        using var wrong = Golden.Tensor("x", [6], dtype: ScalarType.Float64);
        wrong[2] = 7;
        Assert.StartsWith("case.out: the sum of magnitudes is ", sample.Difference(wrong));
    }

    [Fact]
    public void AssertEqual_OtherShapeOrDtype_SaysSo()
    {
        var sample = new GoldenSample("case.out", [6], "float64", 0, 0, [0], [0]);
        using var flat = zeros(6, dtype: ScalarType.Float32);
        using var deep = zeros(2, 3, dtype: ScalarType.Float64);
        Assert.Equal("case.out: the dtype is Float32, and float64 was expected.", sample.Difference(flat));
        Assert.Equal("case.out: the shape is [2, 3], and [6] was expected.", sample.Difference(deep));
    }

    [Fact]
    public void AssertEqual_NotANumber_IsNotEqualToANumber()
    {
        var sample = new GoldenSample("case.out", [2], "float32", double.NaN, double.NaN, [0, 1], [double.NaN, 1]);
        using var same = tensor(new[] { float.NaN, 1f });
        using var other = tensor(new[] { 0f, 1f });
        Assert.Null(sample.Difference(same));
        Assert.NotNull(sample.Difference(other));
    }
}
