using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Connectors between all kinds of shapes; those of the authors are held against them in the feature fixtures.</summary>
public sealed class ConnectorTests
{
    public static TheoryData<long[], long[]> Shapes => new()
    {
        { [3, 4, 8, 8], [3, 6, 8, 8] },
        { [3, 4, 8, 8], [3, 6, 4, 4] },
        { [3, 4, 7, 5], [3, 6, 3, 9] },
        { [3, 4, 4, 4], [3, 6, 11, 13] },
        { [3, 4], [3, 7] },
        { [3, 16, 4], [3, 16, 7] },
        { [3, 16, 4], [3, 49, 7] },
        { [3, 50, 4], [3, 17, 4] },
        { [3, 4, 8, 8], [3, 16, 7] },
        { [3, 16, 7], [3, 4, 8, 8] },
        { [3, 4, 8, 8], [3, 7] },
        { [3, 5], [3, 4, 3, 3] },
        { [3, 9, 5], [3, 4] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Between_TwoShapes_GivesTheTeachersForAnyBatch(long[] student, long[] teacher)
    {
        foreach (var options in (ConnectorOptions[])[ConnectorOptions.Projection, ConnectorOptions.Linear, ConnectorOptions.FitNets, ConnectorOptions.ActivationBoundary])
        {
            using var scope = NewDisposeScope();
            using var connector = Connector.Between(student, teacher, options);
            var features = Golden.Tensor("features", [5, .. student[1..]]).requires_grad_();

            var output = connector.call(features);
            output.square().sum().backward();

            Assert.Equal([5, .. teacher[1..]], output.shape);
            Assert.All(connector.parameters(), parameter => Assert.NotNull(parameter.grad));
            Assert.NotNull(features.grad);
        }
    }

    [Fact]
    public void Between_TokensAndAMap_KeepsTheOrderOfThePlaces()
    {
        using var scope = NewDisposeScope();
        var map = Golden.Tensor("map", [2, 3, 4, 4]);
        using var toTokens = Plain(Connector.Between([1, 3, 4, 4], [1, 17, 3], ConnectorOptions.Linear with { LeadingTokens = 1 }));
        using var toMap = Plain(Connector.Between([1, 17, 3], [1, 3, 4, 4], ConnectorOptions.Linear with { LeadingTokens = 1 }));

        var tokens = toTokens.call(map);

        Assert.True(tokens.narrow(1, 1, 16).allclose(map.flatten(2).transpose(1, 2)));
        Assert.True(tokens.select(1, 0).allclose(map.mean([2, 3]), 1e-5, 1e-6));
        Assert.True(toMap.call(tokens).allclose(map));
    }

    [Fact]
    public void Between_FewerTokens_AveragesNeighbours()
    {
        using var scope = NewDisposeScope();
        var tokens = arange(8, ScalarType.Float32).view(1, 8, 1);
        using var connector = Plain(Connector.Between([1, 8, 1], [1, 4, 1], ConnectorOptions.Linear));

        Assert.Equal([0.5f, 2.5f, 4.5f, 6.5f], connector.call(tokens).data<float>().ToArray());
    }

    [Fact]
    public void Between_EqualShapes_PassesThemWhereAsked()
    {
        using var same = Connector.Between([1, 4, 8, 8], [1, 4, 8, 8], ConnectorOptions.ActivationBoundary);
        using var other = Connector.Between([1, 4, 8, 8], [1, 4, 4, 4], ConnectorOptions.ActivationBoundary);

        Assert.IsType<Identity>(same);
        Assert.IsType<ConvolutionalRegressor>(other);
    }

    [Fact]
    public void Between_LayersOfNetworks_ReadsTheirShapesAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var student = nn.Sequential(("conv", nn.Conv2d(1, 4, 3, stride: 2)), ("norm", nn.BatchNorm2d(4)));
        using var teacher = nn.Sequential(("conv", nn.Conv2d(1, 6, 3)), ("norm", nn.BatchNorm2d(6)));
        student.train();
        teacher.eval();
        var before = Entries();

        using var connector = Connector.Between(student, "conv", teacher, "norm", zeros(1, 1, 9, 9));

        Assert.Equal([2, 6, 7, 7], connector.call(zeros(2, 4, 4, 4)).shape);
        Assert.True(student.training && !teacher.training);
        Assert.All(before.Zip(Entries()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.Equal([1, 4, 4, 4], Connector.ShapeOf(student, "norm", zeros(1, 1, 9, 9)));

        List<Tensor> Entries() => [.. student.state_dict().Concat(teacher.state_dict()).Select(entry => entry.Value.detach().clone())];
    }

    [Fact]
    public void Between_AProjection_HasTheAuthorsNames()
    {
        using var projection = Connector.Between([1, 2, 4, 4], [1, 3, 4, 4]);
        using var linear = Connector.Between([1, 2, 4, 4], [1, 3, 4, 4], ConnectorOptions.Linear);

        Assert.Equal(["0.weight", "1.bias", "1.num_batches_tracked", "1.running_mean", "1.running_var", "1.weight"], projection.state_dict().Keys.Order());
        Assert.Equal(["0.bias", "0.weight"], linear.state_dict().Keys.Order());
    }

    [Fact]
    public void Between_WhatDoesNotFit_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var connector = Connector.Between([1, 2, 4, 4], [1, 3, 4, 4]);
        using var tokens = Connector.Between([1, 9, 4], [1, 9, 5]);

        Assert.Throws<ArgumentException>(() => Connector.Between([4], [1, 3]));
        Assert.Throws<ArgumentException>(() => Connector.Between([1, 0, 4, 4], [1, 3, 4, 4]));
        Assert.Throws<ArgumentNullException>(() => Connector.Between(null!, [1, 3]));
        // 17 tokens are a square and a class token, which nobody spoke of.
        Assert.Throws<ArgumentException>(() => Connector.Between([1, 3, 4, 4], [1, 17, 3]));
        Assert.Throws<ArgumentException>(() => new ConvolutionalRegressor([1, 3, 4, 4], [1, 3, 7, 7]));
        Assert.Throws<ArgumentException>(() => connector.call(zeros(1, 3, 4, 4)));
        Assert.Throws<ArgumentException>(() => connector.call(zeros(1, 2, 4, 4, dtype: ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => tokens.call(zeros(1, 8, 4)));
    }

    /// <summary>A projection that leaves the channels as they are.</summary>
    private static nn.Module<Tensor, Tensor> Plain(nn.Module<Tensor, Tensor> connector)
    {
        using var ungraded = no_grad();
        var state = connector.state_dict();
        var channels = state["0.weight"].shape[0];
        state["0.weight"].copy_(eye(channels).view(channels, channels, 1, 1));
        state["0.bias"].zero_();
        return connector;
    }
}
