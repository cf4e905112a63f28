using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Testing;

/// <summary>One case of a golden file: settings by name, and sampled results.</summary>
public sealed class GoldenCase(string name, JsonElement element)
{
    public string Name { get; } = name;

    public JsonElement Element { get; } = element;

    /// <summary>A part of the case, itself read as a case: <c>one["out"].Sample</c>, <c>one["options"].Number("alpha")</c>.</summary>
    public GoldenCase this[string key] => new($"{Name}.{key}", Property(key));

    /// <summary>The parts of a list, or of an object in the file's order.</summary>
    public IReadOnlyList<GoldenCase> Parts => Element.ValueKind == JsonValueKind.Array
        ? [.. Element.EnumerateArray().Select((one, i) => new GoldenCase($"{Name}[{i}]", one))]
        : [.. Element.EnumerateObject().Select(one => new GoldenCase($"{Name}.{one.Name}", one.Value))];

    /// <summary>Whether the case has this key and it is not null.</summary>
    public bool Has(string key) => Element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string key) => Property(key).GetString()!;
    public double Number(string key) => NumberOf(Property(key));
    public double? NumberOrNull(string key) => Has(key) ? Number(key) : null;
    public long Integer(string key) => Property(key).GetInt64();
    public bool Flag(string key) => Property(key).GetBoolean();
    public double[] Numbers(string key) => [.. Property(key).EnumerateArray().Select(NumberOf)];
    public long[] Integers(string key) => [.. Property(key).EnumerateArray().Select(one => one.GetInt64())];

    /// <summary>What golden.py's <c>sample</c> wrote under a key.</summary>
    public GoldenSample Sample(string key) => this[key].AsSample();

    /// <summary>This part of a case as what golden.py's <c>sample</c> wrote.</summary>
    public GoldenSample AsSample() => new(Name, Integers("shape"), Text("dtype"), Number("sum"), Number("abs"), Integers("at"), Numbers("values"));

    /// <summary>Holds a tensor against the sample under a key.</summary>
    public void AssertEqual(string key, Tensor? actual, double? relative = null, double? absolute = null)
    {
        if (Has(key)) Sample(key).AssertEqual(actual, relative, absolute);
        else Assert.True(actual is null, $"{Name}.{key}: the original gives none here, and a tensor came.");
    }

    /// <summary>Holds gradients against what golden.py's <c>grads</c> wrote under <paramref name="key"/>, in its order.</summary>
    public void AssertGradients(string key, Tensor output, IReadOnlyList<Tensor> inputs, double? relative = null, double? absolute = null) =>
        AssertGradients(key, [output], inputs, relative, absolute);

    /// <inheritdoc cref="AssertGradients(string, Tensor, IReadOnlyList{Tensor}, double?, double?)"/>
    public void AssertGradients(string key, IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, double? relative = null, double? absolute = null)
    {
        using var scope = NewDisposeScope();
        var expected = this[key].Parts;
        Assert.True(expected.Count == inputs.Count, $"{Name}.{key} has gradients of {expected.Count} tensors, and {inputs.Count} were given.");
        var gradients = Golden.Gradients(outputs, inputs);
        for (var i = 0; i < gradients.Length; i++)
        {
            if (expected[i].Element.ValueKind == JsonValueKind.Null) Assert.True(gradients[i] is null, $"{expected[i].Name}: the original gives no gradient.");
            else expected[i].AsSample().AssertEqual(gradients[i], relative, absolute);
        }
    }

    private JsonElement Property(string key) => Element.TryGetProperty(key, out var value)
        ? value
        : throw new KeyNotFoundException($"{Name} has no '{key}'; it has: {string.Join(", ", Element.EnumerateObject().Select(one => one.Name))}.");

    internal static double NumberOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new FormatException($"'{other}' is no number."),
        },
    };
}
