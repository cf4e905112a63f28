using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Tensors;

public class SizeTests
{
    [Fact]
    public void Size_FromTuplesAndArrays_HoldsTheSizes()
    {
        Size size = (2L, 3L, 4L);
        Assert.Equal(new Size([2, 3, 4]), size);
        Assert.Equal(24, size.numel());
        Assert.Equal(3, size.Length);
        Assert.Equal(4, size[2]);
        Assert.Equal([2, 3], size.Take(2));
        Assert.Equal(new Size((3L, 4L)), size.Slice(1, 3));
        Assert.Equal(new Size((2, 3)), size.Slice(0, -1));
        Assert.Equal("[2, 3, 4]", size.ToString());
    }

    [Fact]
    public void Size_OfNothing_IsThatOfAScalar()
    {
        Assert.True(Size.Empty.IsScalar);
        Assert.Equal(1, default(Size).numel());
        Assert.Equal(Size.Empty, default);
    }

    [Fact]
    public void Addition_OfSizes_PutsThemInARow()
    {
        Assert.Equal(new Size([1, 2, 3]), new Size(1) + new Size((2, 3)));
        Assert.True(new Size(1) != new Size(2));
    }

    [Fact]
    public void BroadcastShapes_ThatFit_GivesTheirCommonShape()
    {
        Assert.Equal([5, 2, 3], broadcast_shapes([2, 1], [1, 3], [5, 1, 1]));
        Assert.Throws<ArgumentException>(() => broadcast_shapes([2], [3]));
    }
}
