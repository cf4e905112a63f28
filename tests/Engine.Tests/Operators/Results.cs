using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>What a member returned, laid out flat, against what the case expects.</summary>
internal static class Results
{
    public static IEnumerable<object?> Flat(object? result) => result switch
    {
        Tensor => [result],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flat(tuple[i])),
        string => [result],
        IEnumerable list => list.Cast<object?>().SelectMany(Flat),
        _ => [result],
    };

    /// <summary>What is different; null where nothing is.</summary>
    public static string? Compare(GoldenCase golden, object?[] results)
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

    /// <summary>The gradients of what a case returned by its inputs, in the order of <paramref name="expected"/>.</summary>
    public static string? CompareGradients(GoldenCase golden, IReadOnlyList<GoldenCase> expected, object?[] results, Tensor[] inputs)
    {
        var outputs = results.OfType<Tensor>().Where(one => one.is_floating_point() && one.requires_grad).ToArray();
        if (outputs.Length == 0) return "the result has no gradient.";
        var found = Golden.Gradients(outputs, inputs);
        for (var i = 0; i < found.Length; i++)
        {
            if (expected[i].Element.ValueKind == JsonValueKind.Null)
            {
                if (found[i] is not null) return $"{expected[i].Name}: a gradient came, and none was expected.";
            }
            else if (expected[i].AsSample().Difference(found[i], golden.NumberOrNull("rtol"), golden.NumberOrNull("atol")) is { } wrong) return wrong;
        }
        return null;
    }

    private static string? Same(object actual, JsonElement expected)
    {
        var number = actual is Scalar scalar ? scalar.ToDouble() : Convert.ToDouble(actual, System.Globalization.CultureInfo.InvariantCulture);
        var wanted = GoldenCase.NumberOf(expected);
        return number.Equals(wanted) || Math.Abs(number - wanted) <= 1e-9 * Math.Abs(wanted) ? null : $"{number} came, and {wanted} was expected.";
    }
}
