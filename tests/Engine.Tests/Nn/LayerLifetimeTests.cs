using Engine.Tests.Scopes;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Nn;

[Collection(nameof(ProcessWide))]
public class LayerLifetimeTests
{
    [Theory]
    [MemberData(nameof(LayerCases.Names), MemberType = typeof(LayerCases))]
    public void Call_Repeated_LeavesNothingButItsResult(string name)
    {
        var (layer, input) = LayerCases.Make(name);
        using var _ = layer;
        using var __ = input;
        foreach (var trains in new[] { true, false })
        {
            layer.train(trains);
            layer.call(input).Dispose();
            var before = Tensor.TotalCount;
            var result = layer.call(input);
            Assert.NotSame(input, result);
            Assert.Equal(before + 1, Tensor.TotalCount);
            result.Dispose();
            Assert.False(input.IsInvalid);
        }
    }

    [Theory]
    [MemberData(nameof(LayerCases.Names), MemberType = typeof(LayerCases))]
    public void Dispose_OfALayerMadeInAScope_FreesAllThatItHeld(string name)
    {
        LayerCases.Make(name).Input.Dispose();
        Collect();
        var before = Tensor.TotalCount;
        nn.Module<Tensor, Tensor> layer;
        using (NewDisposeScope())
        {
            (layer, var input) = LayerCases.Make(name);
            Assert.All(layer.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        }
        Assert.All(layer.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        layer.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(LayerCases.Names), MemberType = typeof(LayerCases))]
    public void To_AnotherType_MovesEveryTensorThatTheLayerUses(string name)
    {
        var (layer, input) = LayerCases.Make(name);
        using var _ = layer;
        var names = layer.state_dict().Keys.ToArray();
        layer.to(ScalarType.Float64);
        Assert.Equal(names, layer.state_dict().Keys);
        Assert.All(layer.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        using var wide = input.to(ScalarType.Float64);
        using var result = layer.call(wide);
        Assert.Equal(ScalarType.Float64, result.dtype);
    }

    [Fact]
    public void Weight_Replaced_TakesThePlaceOfTheOldInTheStateDict()
    {
        using var layer = nn.Linear(2, 1);
        var old = layer.weight;
        layer.weight = nn.Parameter(ones(1, 2));
        layer.bias = null;
        Assert.True(old.IsInvalid);
        Assert.Equal(["weight"], layer.state_dict().Keys);
        using var result = layer.call(ones(1, 2));
        Assert.Equal(2, result.item<float>());
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
