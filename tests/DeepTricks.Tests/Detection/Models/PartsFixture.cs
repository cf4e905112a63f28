using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>The cases and inputs of tests/fixtures/detection/make_parts.py.</summary>
internal static class PartsFixture
{
    internal static GoldenFile Cases { get; } = GoldenFile.Read("detection/parts.json");

    internal static IEnumerable<object[]> Of(string part) => Cases.Cases.Where(one => one.Name.StartsWith($"{part}-", StringComparison.Ordinal)).Select(one => new object[] { one.Name });

    internal static Tensor Boxes(string name, long count, double size = 100)
    {
        using var scope = NewDisposeScope();
        var start = Golden.Tensor(name, [count, 2], size / 2, size / 2);
        return cat([start, start + Golden.Tensor($"{name}-size", [count, 2], 20, 22)], 1).MoveToOuterDisposeScope();
    }
}
