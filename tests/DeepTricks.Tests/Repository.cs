namespace DeepTricks.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of DeepTricks.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DeepTricks.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds DeepTricks.sln.");
    }
}
