using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Autograd;

/// <summary>Gradients of gradients, accumulation, modes and anomaly detection.</summary>
public class GradientTests
{
    [Fact]
    public void Grad_WithCreateGraph_CanBeDifferentiatedAgain()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0, 3.0 }, requires_grad: true);
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x], create_graph: true)[0];
        var third = autograd.grad([second.sum()], [x])[0];
        Assert.Equal([3.0, 12.0, 27.0], first.data<double>().ToArray());
        Assert.Equal([6.0, 12.0, 18.0], second.data<double>().ToArray());
        Assert.Equal([6.0, 6.0, 6.0], third.data<double>().ToArray());
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_OfAnUnusedInput_IsAnInvalidTensorWhereThatIsAllowed()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (ones(2, requires_grad: true), ones(2, requires_grad: true));
        Assert.True(autograd.grad([x.sum()], [x, y], allow_unused: true)[1].IsInvalid);
        Assert.Contains("appears to not have been used in the graph", Assert.Throws<ExternalException>(() => autograd.grad([x.sum()], [x, y])).Message);
    }

    [Fact]
    public void Backward_Repeated_AddsUp()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var loss = x.mul(3).sum();
        loss.backward(retain_graph: true);
        loss.backward();
        Assert.Equal([6f, 6f], x.grad!.data<float>().ToArray());

        var again = x.exp().sum();
        again.backward();
        Assert.Contains("second time", Assert.Throws<ExternalException>(() => again.backward()).Message);
    }

    [Fact]
    public void Backward_WithAGivenGradient_StartsFromIt()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, requires_grad: true);
        x.mul(2).backward([tensor(new[] { 1f, 10f, 100f })]);
        Assert.Equal([2f, 20f, 200f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void RetainGrad_OfAResult_KeepsItsGradient()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var middle = x.mul(2);
        middle.retain_grad();
        middle.square().sum().backward();
        Assert.Equal([4f, 4f], middle.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Modes_Nested_ComeBackAsTheyWere()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        using (no_grad())
        {
            Assert.False(x.mul(2).requires_grad);
            using (enable_grad()) Assert.True(x.mul(2).requires_grad);
            using (set_grad_enabled(true)) Assert.True(is_grad_enabled());
            Assert.False(is_grad_enabled());
        }
        Assert.True(x.mul(2).requires_grad);
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False(x.mul(2).requires_grad);
        }
        Assert.False(is_inference_mode_enabled());
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Detach_OfATensor_SharesItsNumbersWithoutItsHistory()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var detached = x.detach();
        detached.fill_(5);
        Assert.Equal([5f, 5f], x.data<float>().ToArray());
        Assert.False(detached.requires_grad);
        Assert.True(detached.is_leaf);
    }

    [Fact]
    public void AnomalyDetection_OnANumberThatIsNone_NamesTheFunction()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, requires_grad: true);
        using var mode = autograd.detect_anomaly();
        Assert.Contains("SqrtBackward", Assert.Throws<ExternalException>(() => x.sqrt().mul(0).sum().backward()).Message);
    }

    [Fact]
    public void InPlace_OnWhatBackwardNeeds_IsFound()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var y = x.exp();
        var loss = y.sum();
        y.add_(1);
        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => loss.backward()).Message);
    }
}
