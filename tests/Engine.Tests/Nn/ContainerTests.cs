using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Engine.Tests.Nn;

/// <summary>Modules of modules: names, modes, hooks, devices and types, and what is made from given tensors.</summary>
public class ContainerTests
{
    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _norm;
        private readonly Linear linear;
        private readonly Parameter scale;
        private readonly Tensor seen;

        public Block() : base("block")
        {
            _norm = BatchNorm1d(3);
            linear = Linear(3, 3);
            scale = Parameter(ones(3));
            seen = zeros(1);
            register_module("norm", _norm);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => linear.call(_norm.call(input)) * scale + seen;
    }

    /// <summary>Lists name their members when they are registered.</summary>
    private sealed class Holder : Module
    {
        public readonly ModuleList<Module> list = ModuleList<Module>(Linear(2, 2), Dropout());
        public readonly ModuleDict<Module> dict = ModuleDict<Module>(("left", Linear(2, 2)), ("right", Linear(2, 2, false)));
        public readonly ParameterList values = ParameterList(Parameter(ones(2)), Parameter(ones(3)));

        public Holder() : base("holder")
        {
            register_module("list", list);
            register_module("dict", dict);
        }
    }

    [Fact]
    public void StateDict_OfNestedSequentials_NamesThePlaces()
    {
        using var module = Sequential(("body", Sequential(Linear(3, 4), ReLU(), Linear(4, 2))), ("head", Linear(2, 1)));
        Assert.Equal(["body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias", "head.weight", "head.bias"], module.state_dict().Keys);
        Assert.Equal(["body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias", "head.weight", "head.bias"], module.named_parameters().Select(one => one.name));
    }

    [Fact]
    public void RegisterComponents_OfFields_TakesTheirNames()
    {
        using var block = new Block();
        var names = block.state_dict().Keys;
        Assert.Superset(new HashSet<string> { "linear.weight", "linear.bias", "scale", "seen", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked" }, names.ToHashSet());
    }

    [Fact]
    public void Lists_AndDictionaries_NameTheirMembers()
    {
        using var holder = new Holder();
        Assert.Equal(["list.0.weight", "list.0.bias", "dict.left.weight", "dict.left.bias", "dict.right.weight"], holder.state_dict().Keys);
        Assert.Equal(2, holder.list.Count);
        Assert.Same(holder.dict["left"], holder.dict.named_children().First().module);
        Assert.Equal(["0", "1"], holder.values.named_parameters().Select(one => one.name));
    }

    [Fact]
    public void LoadStateDict_OfAnother_CopiesItsNumbers()
    {
        using var scope = NewDisposeScope();
        using var from = Golden.Fill(new Block());
        using var to = new Block();
        var (missing, unexpected) = to.load_state_dict(from.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        foreach (var (name, tensor) in from.state_dict()) Assert.True(tensor.Equals(to.state_dict()[name]), name);

        var less = from.state_dict();
        less.Remove("scale");
        less["other"] = ones(1);
        Assert.ThrowsAny<Exception>(() => to.load_state_dict(less));
        (missing, unexpected) = to.load_state_dict(less, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["other"], unexpected);
    }

    [Fact]
    public void TrainAndEval_OfAContainer_ReachEveryModule()
    {
        using var module = Sequential(Linear(2, 2), Sequential(Dropout(), BatchNorm1d(2)));
        Assert.All(module.modules(), one => Assert.True(one.training));
        module.eval();
        Assert.All(module.modules(), one => Assert.False(one.training));
        module.train();
        Assert.All(module.modules(), one => Assert.True(one.training));
    }

    [Fact]
    public void Hooks_OnCall_SeeAndReplaceWhatPasses()
    {
        using var scope = NewDisposeScope();
        using var module = Identity();
        var seen = new List<string>();
        var before = module.register_forward_pre_hook((_, input) => { seen.Add("before"); return input + 1; });
        var after = module.register_forward_hook((_, input, output) => { seen.Add($"after {input.item<float>()}"); return output * 10; });

        Assert.Equal(30, module.call(tensor(2f)).item<float>());
        Assert.Equal(["before", "after 3"], seen);
        Assert.Equal(2, module.forward(tensor(2f)).item<float>());
        before.remove();
        after.remove();
        Assert.Equal(2, module.call(tensor(2f)).item<float>());
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void To_AnotherType_MakesParametersAndBuffersAnew()
    {
        using var scope = NewDisposeScope();
        using var module = new Block();
        var weight = module.get_parameter("linear.weight");
        module.to(ScalarType.Float64);
        // The original makes new parameters and disposes of the old: an optimiser is made afterwards.
        Assert.True(weight!.IsInvalid);
        Assert.All(module.state_dict(), one => Assert.Equal(one.Key.EndsWith("tracked", StringComparison.Ordinal) ? ScalarType.Int64 : ScalarType.Float64, one.Value.dtype));
        Assert.All(module.parameters(), one => Assert.True(one.requires_grad && one.is_leaf));
        Assert.Equal(ScalarType.Float64, module.call(ones([4, 3], ScalarType.Float64)).dtype);
    }

    [Fact]
    public void Parameters_InAScope_OutliveIt()
    {
        Block block;
        using (NewDisposeScope()) block = new Block();
        Assert.All(block.parameters(), one => Assert.False(one.IsInvalid));
        Assert.All(block.buffers(), one => Assert.False(one.IsInvalid));
        var before = block.parameters().ToList();
        block.Dispose();
        Assert.All(before, one => Assert.True(one.IsInvalid));
    }

    [Fact]
    public void ZeroGrad_AfterBackward_DropsOrZeroesTheGradients()
    {
        using var scope = NewDisposeScope();
        using var module = Linear(3, 2);
        module.call(ones(4, 3)).sum().backward();
        Assert.NotNull(module.weight.grad);
        module.zero_grad(set_to_none: false);
        Assert.Equal(0, module.weight.grad!.abs().sum().item<float>());
        module.zero_grad();
        Assert.Null(module.weight.grad);
    }

    [Fact]
    public void Freezing_Parameters_LeavesThemWithoutGradient()
    {
        using var scope = NewDisposeScope();
        using var module = Sequential(Linear(3, 3), Linear(3, 1));
        foreach (var parameter in module.children().First().parameters()) parameter.requires_grad = false;
        module.call(ones(4, 3)).sum().backward();
        Assert.Equal([false, false, true, true], module.parameters().Select(one => one.grad is not null));
    }

    [Fact]
    public void Embedding_OfGivenRows_LooksThemUp()
    {
        using var scope = NewDisposeScope();
        var rows = Golden.Tensor("rows", [4, 3]);
        using var frozen = Embedding_from_pretrained(rows);
        using var bag = EmbeddingBag_from_pretrained(rows, mode: EmbeddingBagMode.Sum);
        Assert.True(frozen.call(tensor(new[] { 2L, 0L })).Equals(stack([rows[2], rows[0]])));
        Assert.True(bag.call(tensor(new[,] { { 2L, 0L } })).allclose((rows[2] + rows[0]).unsqueeze(0)));
        Assert.False(frozen.weight!.requires_grad);
    }

    [Fact]
    public void Linear_OfGivenParameters_UsesThem()
    {
        using var scope = NewDisposeScope();
        using var module = Linear(Parameter(Golden.Tensor("weight", [2, 3])), Parameter(ones(2)));
        var x = Golden.Tensor("x", [4, 3]);
        Assert.True(module.call(x).allclose(x.mm(module.weight.t()) + 1));
    }

    [Fact]
    public void Transformers_OfLayers_RepeatThem()
    {
        using var scope = NewDisposeScope();
        using var encoder = TransformerEncoder(TransformerEncoderLayer(4, 2, 8, 0), 2);
        using var decoder = TransformerDecoder(TransformerDecoderLayer(4, 2, 8, 0), 2);
        Assert.Contains("layers.1.self_attn.in_proj_weight", encoder.state_dict().Keys);
        Assert.Contains("layers.1.multihead_attn.out_proj.weight", decoder.state_dict().Keys);
        var memory = encoder.forward(ones(5, 2, 4), null, null);
        Assert.Equal([3, 2, 4], decoder.forward(ones(3, 2, 4), memory, null, null, null, null).shape);
    }
}
