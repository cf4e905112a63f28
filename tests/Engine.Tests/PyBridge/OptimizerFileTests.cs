using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Engine.Tests.PyBridge;

public class OptimizerFileTests
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    public void LoadPy_FileOfPyTorch_GoesOnToTheBit(string name)
    {
        using var scope = NewDisposeScope();
        var weights = PyTorchUnpickler.UnpickleStateDict(SampleModel.PathOf($"{name}-weights.pth"));
        var parameters = Parameters(weights, "before");
        using var optimizer = Make(name, parameters);
        optimizer.load_py(SampleModel.PathOf($"{name}.pth"));
        Step(optimizer, parameters);
        AssertAfter(weights, parameters);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    public void SavePyAndLoadPy_RoundTrip_GoesOnToTheBit(string name)
    {
        using var scope = NewDisposeScope();
        var weights = PyTorchUnpickler.UnpickleStateDict(SampleModel.PathOf($"{name}-weights.pth"));
        var parameters = Parameters(weights, "before");
        using var first = Make(name, parameters);
        first.load_py(SampleModel.PathOf($"{name}.pth"));
        using var file = new MemoryStream();
        first.save_py(file, leaveOpen: true);
        using var second = Make(name, parameters);
        second.load_py(file);
        Step(second, parameters);
        AssertAfter(weights, parameters);
    }

    [Fact]
    public void LoadPy_OtherGroups_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var optimizer = optim.Adam([new Parameter(zeros(3, 4)), new Parameter(zeros(5))]);
        Assert.Contains("2 groups", Assert.Throws<ArgumentException>(() => optimizer.load_py(SampleModel.PathOf("adam.pth"))).Message);
    }

    private static OptimizerHelper Make(string name, Parameter[] p) => name switch
    {
        "sgd" => new SGD([new SGD.ParamGroup([p[0]]), new SGD.ParamGroup([p[1]])], 9, momentum: 0.1),
        "adam" => new Adam([new Adam.ParamGroup([p[0]]), new Adam.ParamGroup([p[1]])]),
        "adamw" => new AdamW([new AdamW.ParamGroup([p[0]]), new AdamW.ParamGroup([p[1]])]),
        _ => new RMSProp([new RMSProp.ParamGroup([p[0]]), new RMSProp.ParamGroup([p[1]])]),
    };

    private static Parameter[] Parameters(System.Collections.Hashtable weights, string when) =>
        [.. Enumerable.Range(0, 2).Select(i => new Parameter(((Tensor)weights[$"{when}{i}"]!).clone()))];

    private static void Step(OptimizerHelper optimizer, Parameter[] parameters)
    {
        for (var i = 0; i < parameters.Length; i++) parameters[i].grad = Golden.Tensor($"g2.{i}", parameters[i].shape);
        optimizer.step();
    }

    private static void AssertAfter(System.Collections.Hashtable weights, Parameter[] parameters)
    {
        for (var i = 0; i < parameters.Length; i++) Assert.Equal(((Tensor)weights[$"after{i}"]!).bytes.ToArray(), parameters[i].bytes.ToArray());
    }
}
