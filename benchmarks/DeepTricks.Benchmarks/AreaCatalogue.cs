using System.Reflection;
using System.Text.RegularExpressions;

namespace DeepTricks.Benchmarks;

/// <summary>Finds areas and their cases: a static class of the namespace Areas is an area, a <see cref="Case"/> inside it a case.</summary>
public static partial class AreaCatalogue
{
    private static readonly Type[] Areas =
        [.. typeof(Case).Assembly.GetTypes().Where(type => type is { IsAbstract: true, IsSealed: true, IsPublic: true, Namespace: "DeepTricks.Benchmarks.Areas" })];

    /// <summary>The names of all areas.</summary>
    public static IEnumerable<string> Names => Areas.Select(NameOf);

    /// <summary>The cases of an area, without those that are only another one's peer.</summary>
    public static IReadOnlyList<Type> Cases(string area)
    {
        var all = All(area).ToArray();
        return [.. all.Except(all.Select(PeerOf).OfType<Type>())];
    }

    /// <summary>A case of an area by its name, those that are only a peer included.</summary>
    public static Case Make(string area, string name) => All(area).FirstOrDefault(type => NameOf(type) == name) is { } found
        ? (Case)Activator.CreateInstance(found)!
        : throw new ArgumentException($"The area {area} has no case '{name}'.", nameof(name));

    /// <summary>The case of ours that this one is held against, or null where it is Python's of the same name.</summary>
    public static Type? PeerOf(Type type) => type.GetCustomAttribute<OwnPeerAttribute>()?.Peer;

    /// <summary>The name as it is printed: LabelSmoothing256x10 is label-smoothing-256x10, unless <see cref="CaseNameAttribute"/> says another.</summary>
    public static string NameOf(Type type) => type.GetCustomAttribute<CaseNameAttribute>()?.Name ?? WordStart().Replace(type.Name, "-").ToLowerInvariant();

    private static IEnumerable<Type> All(string area) => Area(area).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Case)) && !type.IsAbstract);

    private static Type Area(string name) => Areas.FirstOrDefault(type => NameOf(type) == name)
        ?? throw new ArgumentException($"No area '{name}'; there are: {string.Join(", ", Names)}.");

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[a-wyz])(?=[0-9])")]
    private static partial Regex WordStart();
}
