using System.Reflection;
using DeepTricks.Testing;
using Engine.Tests.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Nn;

/// <summary>One case of the fixtures: a factory of torch.nn, its arguments, what the module is called with, and what PyTorch makes of it.</summary>
internal sealed class ModuleCase(GoldenCase golden)
{
    private const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly ArgumentList _arguments = new(golden["args"].Element, golden.Has("named") ? golden["named"].Element : null);
    private readonly ArgumentList _inputs = new(golden["inputs"].Element);

    public static readonly IReadOnlyDictionary<string, ModuleCase> All =
        GoldenFile.Read("engine/modules.json").Cases.ToDictionary(one => one.Name, one => new ModuleCase(one));

    /// <summary>The factories of torch.nn.</summary>
    public static IEnumerable<MethodInfo> Factories => typeof(nn).GetMethods(Statics).Where(one => typeof(nn.Module).IsAssignableFrom(one.ReturnType) && !one.IsGenericMethod);

    /// <summary>Every factory that takes the case's arguments.</summary>
    public IEnumerable<MethodInfo> Members
    {
        get
        {
            var names = golden["ops"].Element.EnumerateArray().Select(one => one.GetString()).ToHashSet();
            return Factories.Where(one => names.Contains(one.Name) && _arguments.Fit(one));
        }
    }

    /// <summary>Whether the case draws from the generator that the process shares.</summary>
    public bool IsSeeded => golden.Has("seed");

    /// <summary>What the factories that take the case make of it that PyTorch does not, a line each.</summary>
    public string Differences() => OperatorMembers.Differences(Members, Difference);

    /// <summary>Makes the module and says what is different from PyTorch's; null where nothing is.</summary>
    private string? Difference(MethodInfo factory)
    {
        using var scope = NewDisposeScope();
        using var module = (nn.Module)OperatorMembers.Invoke(factory, null, _arguments.Make(factory, []))!;
        module.to(ScalarType.Float64);
        if (!factory.Name.EndsWith("Loss", StringComparison.Ordinal)) Golden.Fill(module);
        module.train(!golden.Has("eval"));

        var expected = golden["state"].Parts.Select(one => $"{one.Element[0].GetString()} [{string.Join(", ", one.Element[1].EnumerateArray().Select(size => size.GetInt64()))}]");
        var state = module.state_dict().Select(one => $"{one.Key} [{string.Join(", ", one.Value.shape)}]");
        if (!expected.Order().SequenceEqual(state.Order())) return $"the state is {string.Join("; ", state)}, and {string.Join("; ", expected)} was expected.";

        var call = module.GetType().GetMethods().FirstOrDefault(one => one.Name == "call" && _inputs.Fit(one, withReceiver: false))
            ?? module.GetType().GetMethods().FirstOrDefault(one => one.Name == "forward" && _inputs.Fit(one, withReceiver: false));
        if (call is null) return "no call takes the inputs.";
        var tensors = new List<Tensor>();
        var inputs = _inputs.Make(call, tensors, withReceiver: false);
        var gradients = golden.Has("grads") ? golden["grads"].Parts : [];
        var parameters = module.named_parameters().ToDictionary(one => one.name, one => (Tensor)one.parameter);
        var by = gradients.Select(one => NameOf(one) is var name && int.TryParse(name, out var place) ? tensors[place].requires_grad_() : parameters[name]).ToArray();

        if (IsSeeded) manual_seed(golden.Integer("seed"));
        var results = Results.Flat(OperatorMembers.Invoke(call, module, inputs)).ToArray();
        if ((Results.Compare(golden, results) ?? (by.Length == 0 ? null : Results.CompareGradients(golden, gradients, results, by))) is { } difference) return difference;

        if (!golden.Has("buffers")) return null;
        var buffers = module.named_buffers().ToDictionary(one => one.name, one => one.buffer);
        return golden["buffers"].Parts.Select(one => one.AsSample().Difference(buffers.GetValueOrDefault(NameOf(one)))).FirstOrDefault(one => one is not null);
    }

    // Names of parameters have dots of their own, so the key is what follows the case's name and the word "grads" or "buffers".
    private string NameOf(GoldenCase one) => one.Name[(one.Name.IndexOf('.', golden.Name.Length + 1) + 1)..];
}
