namespace DeepTricks.Tests.Docs;

/// <summary>The pages that users read: the README and everything under docs/, by their path below the root.</summary>
internal static class DocPages
{
    public static TheoryData<string> All =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));
}
