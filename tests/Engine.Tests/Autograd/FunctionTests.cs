using System.Runtime.InteropServices;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Autograd;

/// <summary>Functions whose gradient is managed code.</summary>
public class FunctionTests
{
    /// <summary>scale * x^2.</summary>
    private sealed class Square : autograd.SingleTensorFunction<Square>
    {
        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            ctx.save_data("scale", vars[1]);
            return ((Tensor)vars[0]).square().mul((double)vars[1]);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0] * 2 * (double)ctx.get_data("scale"), null!];
    }

    private sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
    {
        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, y) = ((Tensor)vars[0], (Tensor)vars[1]);
            ctx.save_for_backward([x, y]);
            return [x + y, x * y];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            return [grad_outputs[0] + grad_outputs[1] * saved[1], grad_outputs[0] + grad_outputs[1] * saved[0]];
        }
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new FormatException("the gradient cannot be had");
    }

    [Fact]
    public void Backward_OfAFunction_IsThatOfTheOperators()
    {
        using var scope = NewDisposeScope();
        var x = Golden.Tensor("x", [3, 4], dtype: ScalarType.Float64).requires_grad_();
        var managed = Golden.Gradients(Square.apply(x.mul(2), 3.0).sin(), x)[0]!;
        var native = Golden.Gradients(x.mul(2).square().mul(3).sin(), x)[0]!;
        Assert.True(managed.allclose(native, 1e-12, 1e-14));
    }

    [Fact]
    public void Backward_TwiceThroughAFunction_GivesTheSecondDerivative()
    {
        using var scope = NewDisposeScope();
        var x = Golden.Tensor("x", [5], dtype: ScalarType.Float64).requires_grad_();
        var first = autograd.grad([Square.apply(x, 3.0).sum()], [x], retain_graph: true, create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        Assert.Equal(Enumerable.Repeat(6.0, 5), second.data<double>().ToArray());
    }

    [Fact]
    public void Backward_OfSeveralOutputs_AddsTheirGradients()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Golden.Tensor("x", [4], dtype: ScalarType.Float64).requires_grad_(), Golden.Tensor("y", [4], dtype: ScalarType.Float64).requires_grad_());
        var managed = Golden.Gradients(SumAndProduct.apply(x, y), [x, y]);
        var native = Golden.Gradients([x + y, x * y], [x, y]);
        for (var i = 0; i < 2; i++) Assert.True(managed[i]!.allclose(native[i]!, 1e-12, 1e-14));
    }

    [Fact]
    public void Backward_OfOneOutputOfSeveral_TakesTheOtherAsZero()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Golden.Tensor("x", [4], dtype: ScalarType.Float64).requires_grad_(), Golden.Tensor("y", [4], dtype: ScalarType.Float64).requires_grad_());
        SumAndProduct.apply(x, y)[1].sum().backward();
        Assert.True(x.grad!.allclose(y));
    }

    [Fact]
    public void Backward_ThatThrows_BringsTheExceptionAndLeavesTheEngineWorking()
    {
        using var scope = NewDisposeScope();
        var x = ones([3], ScalarType.Float64, requires_grad: true);
        for (var i = 0; i < 3; i++)
        {
            var error = Assert.Throws<ExternalException>(() => Failing.apply(x.mul(2)).sum().backward());
            Assert.Contains("the gradient cannot be had", error.Message);
            Assert.IsType<FormatException>(error.InnerException);
        }
        Square.apply(x, 1.0).sum().backward();
        Assert.Equal([2.0, 2.0, 2.0], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Apply_WithoutGradients_RecordsNothing()
    {
        using var scope = NewDisposeScope();
        Assert.False(Square.apply(ones([3], ScalarType.Float64), 1.0).requires_grad);
        using var none = no_grad();
        Assert.False(Square.apply(ones([3], ScalarType.Float64, requires_grad: true), 1.0).requires_grad);
    }

    [Fact]
    public void Graph_Dropped_ReleasesWhatAFunctionSaved()
    {
        using var scope = NewDisposeScope();
        var x = ones([3], ScalarType.Float64, requires_grad: true);
        for (var i = 0; i < 3; i++)
        {
            using var inner = NewDisposeScope();
            Square.apply(x, 1.0).sum().backward();
            x.grad = null;
        }
        Assert.Equal(1, scope.DisposablesCount);
    }
}
