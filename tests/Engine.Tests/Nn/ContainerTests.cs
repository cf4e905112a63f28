using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Engine.Tests.Nn;

public class ContainerTests
{
    [Fact]
    public void Sequential_OfLayers_NamesThemByNumber()
    {
        using var network = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1, hasBias: false));
        Assert.Equal(["0.weight", "0.bias", "2.weight"], network.state_dict().Keys);
        Assert.Equal(3, network.Count);
        Assert.IsType<ReLU>(network[1]);
    }

    [Fact]
    public void Sequential_OfNamedLayers_KeepsTheNamesInASlice()
    {
        using var network = nn.Sequential(("first", nn.Linear(3, 2)), ("act", nn.ReLU()), ("last", nn.Linear(2, 1)));
        var head = network[1..];
        Assert.Equal(["act", "last"], head.named_children().Select(child => child.name));
        Assert.Same(network[2], head[1]);
        Assert.Equal(["last.weight", "last.bias"], head.state_dict().Keys);
        Assert.Throws<IndexOutOfRangeException>(() => network[(0, 4)]);
    }

    [Fact]
    public void Sequential_Called_DisposesOfWhatLiesBetweenButNotOfTheInput()
    {
        var between = new List<Tensor>();
        using var first = nn.Linear(3, 2);
        using var network = nn.Sequential(first, nn.ReLU(inplace: true), nn.Tanh());
        first.register_forward_hook((_, _, output) =>
        {
            between.Add(output);
            return output;
        });
        using var input = ones(1, 3);
        using var result = network.call(input);
        Assert.True(Assert.Single(between).IsInvalid);
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void Sequential_Evaluated_PutsEveryLayerInThatMode()
    {
        using var network = nn.Sequential(nn.Dropout(), nn.Sequential(nn.BatchNorm1d(2)));
        network.eval();
        Assert.All(network.modules(), module => Assert.False(module.training));
        network.train();
        Assert.All(network.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void ModuleList_RegisteredWithAModule_ContributesItsParameters()
    {
        var layers = nn.ModuleList(nn.Linear(2, 2), nn.Linear(2, 1));
        Assert.Empty(layers.parameters());
        using var network = new Holder(("layers", layers));
        Assert.Equal(["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"], network.state_dict().Keys);
    }

    [Fact]
    public void ModuleDict_RegisteredWithAModule_KeepsNamesAndOrder()
    {
        var heads = nn.ModuleDict(("b", nn.Linear(2, 2, hasBias: false)), ("a", nn.Linear(2, 1, hasBias: false)));
        using var network = new Holder(("heads", heads));
        Assert.Equal(["heads.b.weight", "heads.a.weight"], network.state_dict().Keys);
        Assert.Equal(["b", "a"], heads.keys());
        Assert.Equal(1, heads["a"].get_parameter("weight")!.size(0));
        Assert.True(heads.Remove("a"));
        Assert.False(heads.ContainsKey("a"));
    }

    [Fact]
    public void ParameterList_MovedToAnotherType_HoldsTheNewParameters()
    {
        var list = nn.ParameterList(nn.Parameter(ones(2)), nn.Parameter(zeros(3)));
        using var network = new Holder(("scales", list));
        Assert.Equal(["scales.0", "scales.1"], network.state_dict().Keys);
        network.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, list[1].dtype);
        Assert.Same(list[0], network.get_parameter("scales.0"));
    }

    [Fact]
    public void ParameterDict_MovedToAnotherType_HoldsTheNewParameters()
    {
        var dictionary = nn.ParameterDict(("scale", nn.Parameter(ones(2))));
        using var network = new Holder(("free", dictionary));
        network.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, dictionary["scale"].dtype);
        Assert.Same(dictionary["scale"], network.get_parameter("free.scale"));
    }

    [Fact]
    public void Transformer_InAnotherModule_NamesEachParameterOnce()
    {
        using var network = new Holder(("encoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2)));
        var names = network.state_dict().Keys;
        Assert.Equal(2 * 12, names.Count);
        Assert.Contains("encoder.layers.1.self_attn.out_proj.weight", names);
    }

    [Fact]
    public void BatchNorm_WithoutMomentum_TracksTheMeanOverAllBatches()
    {
        using var norm = nn.BatchNorm1d(1);
        norm.momentum = null;
        foreach (var value in new[] { 1f, 2f, 6f })
        {
            using var batch = tensor(new[] { value - 1, value + 1 }).view(2, 1);
            norm.call(batch).Dispose();
        }
        Assert.Equal(3, norm.running_mean!.item<float>(), 1e-6f);
        Assert.Equal(3, norm.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void BatchNorm_OfOneValuePerChannel_IsRefusedInTraining()
    {
        using var norm = nn.BatchNorm1d(3);
        using var single = ones(1, 3);
        Assert.Throws<ArgumentException>(() => norm.call(single));
        norm.eval();
        norm.call(single).Dispose();
    }

    private sealed class Holder : nn.Module
    {
        public Holder(params (string Name, nn.Module Module)[] modules) : base(nameof(Holder))
        {
            foreach (var (name, module) in modules) register_module(name, module);
        }
    }
}
