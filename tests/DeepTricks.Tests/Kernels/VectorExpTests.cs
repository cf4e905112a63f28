using System.Numerics;
using DeepTricks.Kernels;

namespace DeepTricks.Tests.Kernels;

public class VectorExpTests
{
    [Fact]
    public void Of_WholeRange_IsWithinTwoUnitsInTheLastPlace()
    {
        var worst = 0.0;
        for (var x = -87.32f; x < 88; x += 0.0037f)
        {
            var exact = Math.Exp(x);
            var unit = MathF.BitIncrement((float)exact) - (float)exact;
            worst = Math.Max(worst, Math.Abs(VectorExp.Of(new Vector<float>(x))[0] - exact) / unit);
        }

        Assert.InRange(worst, 0, 2);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-88, 0)]
    [InlineData(-1e30f, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, float.NaN)]
    public void Of_SpecialInput_IsExact(float x, float expected) => Assert.Equal(new Vector<float>(expected), VectorExp.Of(new Vector<float>(x)));
}
