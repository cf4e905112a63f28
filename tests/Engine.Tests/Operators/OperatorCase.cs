using System.Reflection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>One case of the fixtures: names of operators, arguments, and what PyTorch makes of them.</summary>
internal sealed class OperatorCase(GoldenCase golden)
{
    private readonly ArgumentList _arguments = new(golden["args"].Element, golden.Has("named") ? golden["named"].Element : null);
    private readonly string _space = golden.Has("space") ? golden.Text("space") : "torch";

    /// <summary>The families of operators, each a file.</summary>
    public static readonly string[] Families = ["pointwise", "reductions", "shapes", "indexing", "products", "creation", "functional", "random"];

    /// <summary>The cases of all families by name.</summary>
    public static readonly IReadOnlyDictionary<string, OperatorCase> All =
        Families.SelectMany(family => GoldenFile.Read($"engine/operators-{family}.json").Cases.Select(one => (Family: family, Case: one)))
            .ToDictionary(one => $"{one.Family}: {one.Case.Name}", one => new OperatorCase(one.Case));

    /// <summary>Whether the case draws from the generator that the process shares.</summary>
    public bool IsSeeded => golden.Has("seed");

    /// <summary>What the members that take the case make of it that PyTorch does not, a line each.</summary>
    public string Differences() => OperatorMembers.Differences(Members, Difference);

    private string[] Ops => [.. golden["ops"].Element.EnumerateArray().Select(one => one.GetString()!)];

    /// <summary>Every member that takes the case's arguments under one of its names, in-place forms included.</summary>
    public IEnumerable<MethodInfo> Members =>
        from op in golden.Has("twin") ? Ops.Concat(Ops.Where(op => !op.StartsWith("op_", StringComparison.Ordinal)).Select(op => op + "_")) : Ops
        from member in OperatorMembers.Named(_space, op)
        where !member.IsGenericMethod && _arguments.Fit(member)
        select member;

    /// <summary>Calls a member and says what is different from PyTorch's result; null where nothing is.</summary>
    private string? Difference(MethodInfo member)
    {
        if (golden.Has("seed"))
        {
            manual_seed(golden.Integer("seed"));
            if (Call(member, null, false) is { } difference) return difference;
            using var generator = new Generator((ulong)golden.Integer("seed"));
            return member.GetParameters().Any(one => one.ParameterType == typeof(Generator)) ? Call(member, generator, false) : null;
        }
        if (Call(member, null, false) is { } plain) return plain;
        return member.GetParameters().Any(one => one.Name == "inplace") && !_arguments.Names("inplace") ? Call(member, null, true) : null;
    }

    private string? Call(MethodInfo member, Generator? generator, bool inPlace)
    {
        using var scope = NewDisposeScope();
        var changes = inPlace || (member.Name.EndsWith('_') && !member.Name.StartsWith('_'));
        var tensors = new List<Tensor>();
        var made = _arguments.Make(member, tensors, instead: parameter =>
            parameter.ParameterType == typeof(Generator) ? generator : parameter.Name == "inplace" && inPlace ? true : null);

        var gradients = !changes && golden.Has("grads") ? golden["grads"].Parts : [];
        var inputs = gradients.Select(one => tensors[int.Parse(one.Name[(one.Name.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture)]).ToArray();
        foreach (var input in inputs) input.requires_grad = true;

        var result = OperatorMembers.Invoke(member, member.IsStatic ? null : made[0], member.IsStatic ? made : made[1..]);
        if (changes && result is Tensor changed && !ReferenceEquals(changed, made[0]) && Results.Compare(golden, [made[0]]) is { } unchanged) return "in place, " + unchanged;
        if (member.ReturnType == typeof(void)) result = made[0];
        var results = Results.Flat(result).ToArray();
        return Results.Compare(golden, results) ?? (inputs.Length == 0 ? null : Results.CompareGradients(golden, gradients, results, inputs));
    }
}
