using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Engine.Tests.Optim;

/// <summary>What an optimiser does besides arithmetic.</summary>
public class OptimizerStepTests
{
    [Fact]
    public void ZeroGrad_FillsWithZerosAndMakesNoGradient()
    {
        using var scope = NewDisposeScope();
        Parameter with = new(ones(2)), without = new(ones(2));
        with.grad = ones(2);
        using var optimizer = optim.SGD([with, without], 0.1);
        optimizer.zero_grad();
        Assert.Equal([0, 0], with.grad.data<float>().ToArray());
        Assert.Null(without.grad);
    }

    [Fact]
    public void Step_ParameterWithoutGradient_IsLeftAlone()
    {
        using var scope = NewDisposeScope();
        Parameter with = new(ones(2)), without = new(ones(2));
        with.grad = ones(2);
        using var optimizer = optim.Adam([with, without], weight_decay: 0.5);
        optimizer.step();
        Assert.NotEqual(1, with[0].item<float>());
        Assert.Equal([1, 1], without.data<float>().ToArray());
    }

    [Fact]
    public void Step_ManyTimesInAScope_LeavesNothingInIt()
    {
        using var parameter = new Parameter(Golden.Tensor("p", [8, 9]));
        using (var gradient = Golden.Tensor("g", [8, 9])) parameter.grad = gradient;
        using var optimizer = optim.SGD([parameter], 0.1, momentum: 0.9, weight_decay: 0.1, nesterov: true);
        using var scope = NewDisposeScope();
        for (var i = 0; i < 10; i++)
        {
            optimizer.step();
            optimizer.zero_grad();
        }
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Step_BetweenForwardAndBackward_IsNoticedByBackward()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3));
        parameter.grad = ones(3);
        using var optimizer = optim.SGD([parameter], 0.1);
        var loss = parameter.square().sum();
        optimizer.step();
        Assert.Contains("modified by an inplace operation", Assert.ThrowsAny<Exception>(() => loss.backward()).Message);
    }

    [Fact]
    public void Step_ParameterInTransposedLayout_IsThatOfTheContiguousOne()
    {
        using var scope = NewDisposeScope();
        Parameter plain = new(Golden.Tensor("p", [4, 6])), turned = new(Golden.Tensor("p", [4, 6]).t().contiguous().t());
        Assert.False(turned.is_contiguous());
        using var first = optim.Adam([plain], amsgrad: true, weight_decay: 0.1);
        using var second = optim.Adam([turned], amsgrad: true, weight_decay: 0.1);
        for (var i = 0; i < 3; i++)
        {
            plain.grad = turned.grad = Golden.Tensor($"g{i}", [4, 6]);
            first.step();
            second.step();
        }
        Assert.Equal(plain.bytes.ToArray(), turned.detach().contiguous().bytes.ToArray());
    }

    [Fact]
    public void Step_Closure_RunsWithGradientsOnAndIsReturned()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3));
        using var optimizer = optim.RMSProp([parameter]);
        using var _ = no_grad();
        var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var value = parameter.square().sum();
            value.backward();
            return value;
        });
        Assert.Equal(3, loss.item<float>());
        Assert.True(parameter[0].item<float>() < 1);
    }

    [Fact]
    public void AddParamGroup_WithoutSettings_TakesTheOptimizers()
    {
        using var scope = NewDisposeScope();
        Parameter first = new(ones(1)), second = new(ones(1));
        using var optimizer = optim.SGD([first], 0.5);
        optimizer.add_param_group(new SGD.ParamGroup { Parameters = [second], Options = new() { LearningRate = 0.25 } });
        first.grad = ones(1);
        second.grad = ones(1);
        optimizer.step();
        Assert.Equal(0.5f, first.item<float>());
        Assert.Equal(0.75f, second.item<float>());
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.LearningRate));
    }

    [Theory]
    [InlineData(-0.1, 0.9)]
    [InlineData(0.1, -1)]
    [InlineData(double.NaN, 0)]
    public void Sgd_SettingsOutOfRange_AreRefused(double lr, double momentum)
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => optim.SGD([new Parameter(ones(1))], lr, momentum));
    }
}
