using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Tensors;

public class ElementTypeTests
{
    // Numbers of numpy.finfo and torch.finfo.
    [Theory]
    [InlineData(ScalarType.Float16, 16, 0.0009765625, 65504, 6.103515625e-05)]
    [InlineData(ScalarType.BFloat16, 16, 0.0078125, 3.3895313892515355e+38, 1.1754943508222875e-38)]
    [InlineData(ScalarType.Float32, 32, 1.1920928955078125e-07, 3.4028234663852886e+38, 1.1754943508222875e-38)]
    [InlineData(ScalarType.Float64, 64, 2.220446049250313e-16, 1.7976931348623157e+308, 2.2250738585072014e-308)]
    public void Finfo_OfAFloatingPointType_GivesItsLimits(ScalarType type, int bits, double eps, double max, double tiny)
    {
        var limits = finfo(type);
        Assert.Equal((bits, eps, max, -max, tiny), (limits.bits, limits.eps, limits.max, limits.min, limits.tiny));
    }

    [Fact]
    public void Finfo_OfAnIntegerType_Throws() => Assert.Throws<ArgumentException>(() => finfo(ScalarType.Int32));

    [Fact]
    public void PromoteTypes_OfTwoTypes_FollowsPyTorch()
    {
        Assert.Equal(ScalarType.Float32, promote_types(ScalarType.Int64, ScalarType.Float32));
        Assert.Equal(ScalarType.Int16, promote_types(ScalarType.Byte, ScalarType.Int8));
        Assert.False(can_cast(ScalarType.Float32, ScalarType.Int64));
        Assert.True(can_cast(ScalarType.Int64, ScalarType.Float32));
    }

    [Fact]
    public void Item_OfEveryType_ReadsTheNumber()
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64, ScalarType.ComplexFloat32 })
        {
            var three = tensor(3L).to(type);
            Assert.Equal(3, three.ToInt32());
            Assert.Equal(3.0, three.ToDouble());
            Assert.True(three.ToBoolean());
            Assert.Equal(type.ElementSize(), three.ElementSize);
        }
        Assert.Equal((Half)0.5, tensor(0.5).ToHalf());
        Assert.Equal(7, (int)tensor(7.9f));
    }

    [Fact]
    public void Equals_OfTwoTensors_ComparesTheirElements()
    {
        using var scope = NewDisposeScope();
        Assert.True(arange(3).Equals(tensor(new long[] { 0, 1, 2 })));
        Assert.False(arange(3).Equals(arange(4)));
        Assert.False(arange(3).Equals((object?)null));
    }
}
