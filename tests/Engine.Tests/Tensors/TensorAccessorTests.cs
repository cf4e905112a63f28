using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Tensors;

public sealed class TensorAccessorTests
{
    [Fact]
    public void ToArray_OfAnEmptyTensorOfOneDimension_IsEmpty() => Assert.Empty(zeros(0).data<float>().ToArray());

    [Fact]
    public void ToArray_OfAnEmptyTensorOfMoreDimensions_IsRefusedAsTheOriginalDoes() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => zeros(0, 3).data<float>().ToArray());

    [Fact]
    public void ToArray_OfATransposedTensor_FollowsItsShape() =>
        Assert.Equal([0L, 3, 1, 4, 2, 5], arange(6).reshape(2, 3).t().data<long>().ToArray());
}
