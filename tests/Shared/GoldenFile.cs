using System.Text.Json;
using System.Text.RegularExpressions;

namespace DeepTricks.Testing;

/// <summary>The cases of one golden file under <c>tests/fixtures</c>: a list of objects, or an object of objects by name.</summary>
public sealed partial class GoldenFile
{
    private readonly Dictionary<string, GoldenCase> _byName;

    private GoldenFile(string file, List<GoldenCase> cases) =>
        (File, Cases, _byName) = (file, cases, cases.DistinctBy(one => one.Name).ToDictionary(one => one.Name));

    public string File { get; }

    /// <summary>The cases in the file's order.</summary>
    public IReadOnlyList<GoldenCase> Cases { get; }

    /// <summary>The names, as data of a theory.</summary>
    public IEnumerable<object[]> Names => _byName.Keys.Select(name => new object[] { name });

    public GoldenCase this[string name] => _byName.TryGetValue(name, out var found)
        ? found
        : throw new KeyNotFoundException($"{File} has no case '{name}'; it has: {string.Join(", ", _byName.Keys)}.");

    /// <summary>Reads a file by its path under <c>tests/fixtures</c>, such as <c>losses/focal.json</c>.</summary>
    public static GoldenFile Read(string file)
    {
        // Python writes NaN and Infinity as bare words, which are no JSON.
        var text = BareWords().Replace(System.IO.File.ReadAllText(PathOf(file)), "\"$0\"");
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var cases = root.ValueKind == JsonValueKind.Array
            ? root.EnumerateArray().Select((one, i) => new GoldenCase(NameOf(one, i), one.Clone()))
            : root.EnumerateObject().Select(one => new GoldenCase(one.Name, one.Value.Clone()));
        return new(file, [.. cases]);
    }

    /// <summary>Where a file of <c>tests/fixtures</c> lies beside the tests.</summary>
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "fixtures", Path.Combine(file.Split('/')));

    private static string NameOf(JsonElement one, int i) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty("name", out var name) ? name.GetString()! : $"{i}";

    [GeneratedRegex(@"(?<=[\[\s:,])(-?Infinity|NaN)(?=[\],\s}])")]
    private static partial Regex BareWords();
}
