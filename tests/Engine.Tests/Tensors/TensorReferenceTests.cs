using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Tensors;

/// <summary>References on native tensors serve one tensor after the other; none may show through to the next.</summary>
[Collection(nameof(ProcessWide))]
public class TensorReferenceTests
{
    [Fact]
    public void Dispose_Twice_LeavesTheTensorThatCameAfterAlone()
    {
        var first = ones(2);
        first.Dispose();
        using var second = zeros(3);
        first.Dispose();

        Assert.True(first.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => first.Handle);
        Assert.Equal([3], second.shape);
    }

    [Fact]
    public void DecoupleFromNativeHandle_TensorMadeNext_HasAHandleOfItsOwn()
    {
        var first = ones(2);
        using var taken = Tensor.UnsafeCreateTensor(first.DecoupleFromNativeHandle());
        using var second = zeros(3);

        Assert.True(first.IsInvalid);
        Assert.Equal([2], taken.shape);
        Assert.Equal([3], second.shape);
    }

    [Fact]
    public void Finalizer_DroppedAmongDisposed_FreesAtTheNextYoungCollection()
    {
        var before = Tensor.TotalCount;
        for (var round = 0; round < 3; round++)
        {
            DropSomeDisposeOthers();
            GC.Collect(0);
            Assert.True(SpinWait.SpinUntil(() => Tensor.TotalCount <= before, TimeSpan.FromSeconds(10)), $"Round {round}: {Tensor.TotalCount - before} are left.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropSomeDisposeOthers()
    {
        for (var i = 0; i < 500; i++)
        {
            ones(4).Dispose();
            ones(4);
        }
    }
}
