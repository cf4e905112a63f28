using System.Reflection;
using System.Text.Json;
using DeepTricks.Testing;
using Engine.Tests.Operators;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Engine.Tests.Optim;

/// <summary>Every optimiser over five steps of a small network, against PyTorch: losses and weights.</summary>
public class OptimizerGoldenTests
{
    private const int Steps = 5;

    private static readonly GoldenFile File = GoldenFile.Read("engine/optimizers.json");

    /// <summary>The factories by optimiser, each with the ways in which it takes the parameters.</summary>
    private static readonly ILookup<string, MethodInfo> Factories = typeof(optim).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(one => typeof(optim.Optimizer).IsAssignableFrom(one.ReturnType)).ToLookup(one => one.Name);

    public static IEnumerable<object[]> Cases => File.Cases.Where(one => Factories.Contains(one.Text("optimizer"))).Select(one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_OfAnOptimizer_GiveTheWeightsOfPyTorch(string name)
    {
        var golden = File[name];
        foreach (var factory in Factories[golden.Text("optimizer")])
        {
            using var scope = NewDisposeScope();
            using var network = Network();
            if (Parameters(factory, golden, network) is not { } parameters) continue;
            using var optimizer = Make(factory, golden, parameters);
            var losses = Train(network, optimizer, Steps);
            var expected = golden.Numbers("losses");
            var relative = golden.NumberOrNull("relative");
            for (var i = 0; i < Steps; i++) Assert.True(Math.Abs(losses[i] - expected[i]) <= (relative ?? 1e-10) * Math.Abs(expected[i]), $"{factory}: loss {i} is {losses[i]:R}, and {expected[i]:R} was expected.");
            foreach (var (key, parameter) in network.named_parameters()) golden["parameters"].Sample(key).AssertEqual(parameter, relative, relative);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StateDict_MovedToANewOptimizer_GoesOnAsIfNothingHappened(string name)
    {
        var golden = File[name];
        var factory = Factories[golden.Text("optimizer")].First(one => Parameters(one, golden, null) is not null);
        using var scope = NewDisposeScope();
        using var straight = Network();
        using var first = Make(factory, golden, Parameters(factory, golden, straight)!);
        Train(straight, first, 3);

        using var resumed = Network();
        resumed.load_state_dict(straight.state_dict());
        using var second = (OptimizerHelper)Make(factory, golden, Parameters(factory, golden, resumed)!);
        var path = Path.GetTempFileName();
        try
        {
            ((OptimizerHelper)first).save_state_dict(path);
            second.load_state_dict(path);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
        Train(straight, first, 3);
        Train(resumed, second, 3);
        foreach (var ((key, left), (_, right)) in straight.named_parameters().Zip(resumed.named_parameters())) Assert.True(left.Equals((Tensor)right), key);
    }

    [Fact]
    public void Factories_Each_HaveACase() =>
        Assert.Empty(Factories.Select(one => one.Key).Except(File.Cases.Select(one => one.Text("optimizer"))).Except(["LBFGS", "Rprop"]));

    [Fact]
    public void ZeroGrad_OfAnOptimizer_ClearsItsParametersOnly()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var parameters = network.parameters().ToArray();
        using var optimizer = optim.SGD(parameters[..2], 0.1);
        network.call(ones([2, 4], ScalarType.Float64)).sum().backward();
        optimizer.zero_grad();
        Assert.All(parameters[..2], one => Assert.True(one.grad is null || one.grad.abs().sum().item<double>() == 0));
        Assert.All(parameters[2..], one => Assert.True(one.grad!.abs().sum().item<double>() > 0));
    }

    [Fact]
    public void Step_WithAClosure_ReturnsItsLoss()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        using var optimizer = optim.SGD(network.parameters(), 0.1);
        var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var value = network.call(ones([2, 4], ScalarType.Float64)).square().mean();
            value.backward();
            return value;
        });
        Assert.True(loss.item<double>() > 0);
    }

    /// <summary>What the factory's first parameter takes of the network; null where the case says otherwise.</summary>
    private static object? Parameters(MethodInfo factory, GoldenCase golden, Sequential? network)
    {
        var type = factory.GetParameters()[0].ParameterType;
        if (golden.Has("groups"))
        {
            if (type == typeof(IEnumerable<SGD.ParamGroup>)) return network is null ? type : Groups(network, (parameters, rate, decay) => new SGD.ParamGroup(parameters, new SGD.Options { LearningRate = rate, weight_decay = decay }));
            if (type == typeof(IEnumerable<Adam.ParamGroup>)) return network is null ? type : Groups(network, (parameters, rate, decay) => new Adam.ParamGroup(parameters, new Adam.Options { LearningRate = rate, weight_decay = decay }));
            if (type == typeof(IEnumerable<AdamW.ParamGroup>)) return network is null ? type : Groups(network, (parameters, rate, decay) => new AdamW.ParamGroup(parameters, new AdamW.Options { LearningRate = rate, weight_decay = decay }));
            if (type == typeof(IEnumerable<RMSProp.ParamGroup>)) return network is null ? type : Groups(network, (parameters, rate, decay) => new RMSProp.ParamGroup(parameters, new RMSProp.Options { LearningRate = rate, weight_decay = decay }));
            return null;
        }
        if (type == typeof(IEnumerable<Parameter>)) return network is null ? type : network.parameters();
        return type == typeof(IEnumerable<(string, Parameter)>) ? network is null ? type : network.named_parameters() : null;
    }

    private static List<T> Groups<T>(Sequential network, Func<IEnumerable<Parameter>, double?, double?, T> make)
    {
        var parameters = network.parameters().ToArray();
        return [make(parameters[..2], 0.02, 0.1), make(parameters[2..], null, null)];
    }

    private static optim.Optimizer Make(MethodInfo factory, GoldenCase golden, object parameters)
    {
        var named = golden["named"].Element;
        var arguments = factory.GetParameters().Select((one, i) => i == 0 ? parameters
            : named.TryGetProperty(one.Name!, out JsonElement value) ? Argument.Make(value, one.ParameterType, [])
            : one.DefaultValue).ToArray();
        return (optim.Optimizer)OperatorMembers.Invoke(factory, null, arguments)!;
    }

    private static Sequential Network()
    {
        var network = Sequential(Linear(4, 3), Tanh(), Linear(3, 1));
        network.to(ScalarType.Float64);
        return Golden.Fill(network);
    }

    private static double[] Train(Sequential network, optim.Optimizer optimizer, int steps)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Golden.Tensor("x", [8, 4], dtype: ScalarType.Float64), Golden.Tensor("y", [8, 1], dtype: ScalarType.Float64));
        var losses = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            optimizer.zero_grad();
            var loss = functional.mse_loss(network.call(x), y);
            loss.backward();
            optimizer.step();
            losses[i] = loss.item<double>();
        }
        return losses;
    }
}
