using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Native;

/// <summary>What goes wrong below comes as an exception with libtorch's message, and the next call works.</summary>
public class ErrorTests
{
    [Fact]
    public void Add_ShapesThatDoNotBroadcast_CarriesTheMessageOfLibtorch()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(2, 3).add(ones(4, 5)));
        Assert.Contains("The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1", error.Message);
        Assert.Equal(6, ones(2, 3).sum().item<float>());
    }

    [Fact]
    public void Matmul_WrongSizes_NamesTheShapes()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(2, 3).mm(ones(4, 5)));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message);
    }

    [Fact]
    public void Index_OutOfRange_NamesTheRange()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(2).select(0, 5));
        Assert.Contains("out of range", error.Message);
        Assert.Throws<ExternalException>(() => ones(2).sum(3));
        Assert.Throws<ExternalException>(() => ones(2, 3).reshape(4, 2));
    }

    [Fact]
    public void Dtype_ThatAnOperatorHasNot_NamesIt()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => tensor(new[] { 1L, 2L }).mean());
        Assert.Contains("mean(): could not infer output dtype", error.Message);
    }

    [Fact]
    public void Backward_OfNoScalar_CarriesTheMessageOfLibtorch()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, requires_grad: true);
        var error = Assert.Throws<ExternalException>(() => x.mul(2).backward());
        Assert.Contains("grad can be implicitly created only for scalar outputs", error.Message);
        Assert.Contains("does not require grad", Assert.Throws<ExternalException>(() => ones(1).backward()).Message);
    }

    [Fact]
    public void InPlace_OnALeafWithGradient_IsRefused()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, requires_grad: true);
        Assert.Contains("a leaf Variable that requires grad is being used in an in-place operation", Assert.Throws<ExternalException>(() => x.add_(1)).Message);
    }

    [Fact]
    public void Tensor_AfterDispose_IsRefusedBeforeLibtorchSeesIt()
    {
        var gone = ones(2);
        gone.Dispose();
        using var other = ones(2);
        Assert.Throws<InvalidOperationException>(() => gone.add(1));
        Assert.Throws<InvalidOperationException>(() => other.add(gone));
        Assert.Throws<InvalidOperationException>(() => gone.shape);
        Assert.Throws<InvalidOperationException>(() => cat([other, gone]));
    }

    [Fact]
    public void Item_OfSeveralElementsOrAnotherType_IsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsAny<Exception>(() => ones(2).item<float>());
        Assert.Throws<ArgumentException>(() => ones(1).item<double>());
        Assert.Throws<ArgumentException>(() => ones(2).data<long>());
    }

    [Fact]
    public void Errors_OnManyThreads_EachGetTheirOwnMessage() =>
        Parallel.For(2, 40, size =>
        {
            using var scope = NewDisposeScope();
            var error = Assert.Throws<ExternalException>(() => ones(size).add(ones(100 + size)));
            Assert.Contains($"tensor a ({size}) must match the size of tensor b ({100 + size})", error.Message);
        });
}
