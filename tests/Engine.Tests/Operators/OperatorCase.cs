using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>One case of the fixtures: names of operators, arguments, and what PyTorch makes of them.</summary>
internal sealed class OperatorCase(GoldenCase golden)
{
    private readonly JsonElement[] _arguments = [.. golden["args"].Element.EnumerateArray()];
    private readonly Dictionary<string, JsonElement> _named = golden.Has("named") ? golden["named"].Element.EnumerateObject().ToDictionary(one => one.Name, one => one.Value) : [];
    private readonly string _space = golden.Has("space") ? golden.Text("space") : "torch";

    /// <summary>The families of operators, each a file.</summary>
    public static readonly string[] Families = ["pointwise", "reductions", "shapes", "indexing", "products", "creation", "functional", "random"];

    /// <summary>The cases of all families by name.</summary>
    public static readonly IReadOnlyDictionary<string, OperatorCase> All =
        Families.SelectMany(family => GoldenFile.Read($"engine/operators-{family}.json").Cases.Select(one => (Family: family, Case: one)))
            .ToDictionary(one => $"{one.Family}: {one.Case.Name}", one => new OperatorCase(one.Case));

    private string[] Ops => [.. golden["ops"].Element.EnumerateArray().Select(one => one.GetString()!)];

    /// <summary>Every member that takes the case's arguments under one of its names, in-place forms included.</summary>
    public IEnumerable<MethodInfo> Members =>
        from op in golden.Has("twin") ? Ops.Concat(Ops.Where(op => !op.StartsWith("op_", StringComparison.Ordinal)).Select(op => op + "_")) : Ops
        from member in OperatorMembers.Named(_space, op)
        where !member.IsGenericMethod && Places(member) is not null
        select member;

    /// <summary>For the receiver (where the member has one) and each parameter, the argument that goes there, or null for the default.</summary>
    private JsonElement?[]? Places(MethodInfo member)
    {
        var parameters = member.GetParameters();
        var offset = member.IsStatic ? 0 : 1;
        var places = new JsonElement?[parameters.Length + offset];
        if (_arguments.Length > places.Length) return null;
        for (var i = 0; i < places.Length; i++)
        {
            var type = i < offset ? typeof(Tensor) : parameters[i - offset].ParameterType;
            var parameter = i < offset ? null : parameters[i - offset];
            if (i < _arguments.Length) places[i] = _arguments[i];
            else if (_named.TryGetValue(parameter?.Name ?? "input", out var named)) places[i] = named;
            else if (parameter is { HasDefaultValue: true } or { IsOut: true } || (parameter is not null && IsParams(parameter))) continue;
            else return null;
            if (!Argument.Fits(places[i]!.Value, type)) return null;
        }
        // A name that the member does not know, or that an argument has taken already, is another member's.
        return _named.Keys.All(name => Array.FindIndex(parameters, one => one.Name == name) + offset >= _arguments.Length) ? places : null;
    }

    private static bool IsParams(ParameterInfo parameter) => parameter.IsDefined(typeof(ParamArrayAttribute));

    /// <summary>Calls a member and says what is different from PyTorch's result; null where nothing is.</summary>
    public string? Difference(MethodInfo member)
    {
        if (golden.Has("seed"))
        {
            // Seeding is the test's own: no other may draw in between.
            lock (All)
            {
                manual_seed(golden.Integer("seed"));
                if (Call(member, null, false) is { } difference) return difference;
                using var generator = new Generator((ulong)golden.Integer("seed"));
                return member.GetParameters().Any(one => one.ParameterType == typeof(Generator)) ? Call(member, generator, false) : null;
            }
        }
        if (Call(member, null, false) is { } plain) return plain;
        return member.GetParameters().Any(one => one.Name == "inplace") && !_named.ContainsKey("inplace") ? Call(member, null, true) : null;
    }

    private string? Call(MethodInfo member, Generator? generator, bool inPlace)
    {
        using var scope = NewDisposeScope();
        var changes = inPlace || (member.Name.EndsWith('_') && !member.Name.StartsWith('_'));
        var tensors = new List<Tensor>();
        var places = Places(member)!;
        var parameters = member.GetParameters();
        var offset = member.IsStatic ? 0 : 1;
        var made = new object?[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var parameter = i < offset ? null : parameters[i - offset];
            made[i] = parameter?.ParameterType == typeof(Generator) && generator is not null ? generator
                : parameter?.Name == "inplace" && inPlace ? true
                : places[i] is { } given ? Argument.Make(given, parameter?.ParameterType ?? typeof(Tensor), tensors)
                : IsParams(parameter!) ? Array.CreateInstance(parameter!.ParameterType.GetElementType()!, 0)
                : parameter!.IsOut ? null
                : parameter.DefaultValue;
        }

        var gradients = !changes && golden.Has("grads") ? golden["grads"].Parts : [];
        var inputs = gradients.Select(one => tensors[int.Parse(one.Name[(one.Name.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture)]).ToArray();
        foreach (var input in inputs) input.requires_grad = true;

        var result = OperatorMembers.Invoke(member, offset == 1 ? (Tensor?)made[0] : null, made[offset..]);
        if (changes && result is Tensor changed && !ReferenceEquals(changed, made[0]) && Compare([made[0]]) is { } unchanged) return "in place, " + unchanged;
        if (result is null && member.ReturnType == typeof(void)) result = made[0];
        var results = Flat(result).ToArray();
        if (Compare(results) is { } difference) return difference;
        if (inputs.Length == 0) return null;

        var outputs = results.OfType<Tensor>().Where(one => one.is_floating_point() && one.requires_grad).ToArray();
        if (outputs.Length == 0) return "the result has no gradient";
        var found = Golden.Gradients(outputs, inputs);
        for (var i = 0; i < found.Length; i++)
        {
            if (gradients[i].Element.ValueKind == JsonValueKind.Null)
            {
                if (found[i] is not null) return $"{gradients[i].Name}: a gradient came, and none was expected.";
            }
            else if (gradients[i].AsSample().Difference(found[i], golden.NumberOrNull("rtol"), golden.NumberOrNull("atol")) is { } wrong) return wrong;
        }
        return null;
    }

    private string? Compare(object?[] results)
    {
        var expected = golden["out"].Parts;
        if (results.Length != expected.Count) return $"{results.Length} results came, and {expected.Count} were expected.";
        for (var i = 0; i < results.Length; i++)
        {
            var difference = (expected[i].Element.ValueKind, results[i]) switch
            {
                (JsonValueKind.Null, null) => null,
                (JsonValueKind.Null, _) => "a result came, and none was expected.",
                (JsonValueKind.Object, Tensor tensor) => expected[i].AsSample().Difference(tensor, golden.NumberOrNull("rtol"), golden.NumberOrNull("atol")),
                (JsonValueKind.Object, _) => $"{results[i]} came, and a tensor was expected.",
                (_, { } number) => Same(number, expected[i].Element),
                _ => "nothing came.",
            };
            if (difference is not null) return difference;
        }
        return null;
    }

    private static string? Same(object actual, JsonElement expected)
    {
        var number = actual is Scalar scalar ? scalar.ToDouble() : Convert.ToDouble(actual, System.Globalization.CultureInfo.InvariantCulture);
        var wanted = GoldenCase.NumberOf(expected);
        return number.Equals(wanted) || Math.Abs(number - wanted) <= 1e-9 * Math.Abs(wanted) ? null : $"{number} came, and {wanted} was expected.";
    }

    private static IEnumerable<object?> Flat(object? result) => result switch
    {
        Tensor => [result],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flat(tuple[i])),
        string => [result],
        IEnumerable list => list.Cast<object?>().SelectMany(Flat),
        _ => [result],
    };
}
