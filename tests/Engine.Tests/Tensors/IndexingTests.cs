using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Tensors;

public class IndexingTests
{
    private static readonly TensorIndex Colon = TensorIndex.Colon;

    private static Tensor Numbers(params long[] shape) => arange(new Size(shape).numel()).reshape(shape);

    private static long[] Flat(Tensor tensor) => tensor.data<long>().ToArray();

    [Fact]
    public void Number_OfOneDimension_GivesAView()
    {
        using var scope = NewDisposeScope();
        var t = Numbers(2, 3);
        t[1].fill_(9);
        Assert.Equal([0, 1, 2, 9, 9, 9], Flat(t));
        Assert.Equal(2, t[0, 2].ToInt64());
        Assert.Equal(9, t[-1, -1].ToInt64());
    }

    [Fact]
    public void Slices_OfSeveralDimensions_GiveTheBlock()
    {
        using var scope = NewDisposeScope();
        var t = Numbers(3, 4);
        Assert.Equal([1, 2, 5, 6], Flat(t[..2, 1..3]));
        Assert.Equal([0, 2], Flat(t[0, TensorIndex.Slice(step: 2)]));
        Assert.Equal([3, 7, 11], Flat(t[.., ^1]));
        Assert.Equal([8, 9, 10, 11], Flat(t[(2, null)]));
        Assert.Equal([0, 1, 4, 5, 8, 9], Flat(t[.., ..^2]));
    }

    [Fact]
    public void Ellipsis_BetweenNumbers_TakesTheRest()
    {
        using var scope = NewDisposeScope();
        var t = Numbers(2, 3, 4);
        Assert.Equal([12, 16, 20], Flat(t[1, TensorIndex.Ellipsis, 0]));
        Assert.Equal([2, 3, 4], t[TensorIndex.Ellipsis].shape);
    }

    [Fact]
    public void None_AtAnyPlace_AddsADimension()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1, 2, 1, 3], Numbers(2, 3)[TensorIndex.None, Colon, TensorIndex.Null].shape);
    }

    [Fact]
    public void Mask_OfTheWholeShape_PicksElements()
    {
        using var scope = NewDisposeScope();
        var t = Numbers(2, 3);
        Assert.Equal([4, 5], Flat(t[t > 3]));
        t[t > 3] = 0L;
        Assert.Equal([0, 1, 2, 3, 0, 0], Flat(t));
    }

    [Fact]
    public void Mask_OfTheFirstDimensions_LeavesTheOthersToTheNextIndex()
    {
        using var scope = NewDisposeScope();
        var t = Numbers(2, 2, 3);
        var mask = tensor(new[,] { { true, false }, { false, true } });
        Assert.Equal([1, 2, 10, 11], Flat(t[TensorIndex.Tensor(mask), 1..]));
        Assert.Throws<ArgumentException>(() => t[TensorIndex.Tensor(tensor(new[] { true, false, true }).unsqueeze(0)), 1..]);
    }

    [Fact]
    public void IndexTensors_WithASlice_PickRows()
    {
        using var scope = NewDisposeScope();
        var t = Numbers(3, 4);
        var rows = TensorIndex.Tensor(tensor(new long[] { 2, 0 }));
        Assert.Equal([9, 10, 1, 2], Flat(t[rows, 1..3]));
        Assert.Equal([9, 2], Flat(t[tensor(new long[] { 2, 0 }), tensor(new long[] { 1, 2 })]));
        Assert.Equal([4, 5, 6, 7], Flat(t[TensorIndex.Tensor(tensor(1L))]));
    }

    [Fact]
    public void Bool_True_AddsADimensionAndFalseEmptiesIt()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1, 2, 3], Numbers(2, 3)[TensorIndex.Bool(true)].shape);
        Assert.Equal([0, 2, 3], Numbers(2, 3)[TensorIndex.Bool(false)].shape);
    }

    [Fact]
    public void Assignment_ToASlice_BroadcastsTheValue()
    {
        using var scope = NewDisposeScope();
        var t = zeros(2, 3);
        t[.., 1] = tensor(new[] { 1f, 2f });
        t[1, 2] = 5;
        t[0, ..1] = 7f;
        Assert.Equal([7f, 1f, 0f, 0f, 2f, 5f], t.data<float>().ToArray());
        t[..] = ones(1, 1, 2, 3);
        Assert.Equal(6, t.sum().ToSingle());
    }

    [Fact]
    public void IndexPut_Accumulating_AddsRepeatedPlaces()
    {
        using var scope = NewDisposeScope();
        var t = zeros(3);
        t.index_put_(ones(3), [TensorIndex.Tensor(tensor(new long[] { 1, 1, 2 }))], accumulate: true);
        t.index_put_(4, tensor(new long[] { 0 }));
        Assert.Equal([4f, 2f, 1f], t.data<float>().ToArray());
    }

    [Fact]
    public void Indexing_InAScope_LeavesNoTensorBehind()
    {
        using var scope = NewDisposeScope();
        var t = Numbers(2, 3, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (t[0, 1, 2]) { }
        using (t[0, TensorIndex.Ellipsis, TensorIndex.None, 1..3]) { }
        t[0, 1] = t[1, 1];
        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
