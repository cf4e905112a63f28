namespace DeepTricks.Data;

/// <summary>Where <see cref="Mnist.Load"/> looks and what it may do.</summary>
public sealed record MnistOptions
{
    /// <summary>The environment variable that names a folder with MNIST's four files.</summary>
    public const string EnvironmentVariable = "DEEPTRICKS_DATA";

    /// <summary>The addresses at which MNIST's four files are published: those of PyTorch's mirror and of the CVDF's.</summary>
    public static IReadOnlyList<Uri> PublicMirrors { get; } =
    [
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    /// <summary>
    /// The MD5 sums of MNIST's four files, as torchvision (datasets/mnist.py) lists them; SHA-256 sums are not published.
    /// </summary>
    public static IReadOnlyDictionary<string, FileChecksum> PublishedChecksums { get; } = new Dictionary<string, FileChecksum>
    {
        [MnistFiles.TrainImages + ".gz"] = FileChecksum.Md5("f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        [MnistFiles.TrainLabels + ".gz"] = FileChecksum.Md5("d53e105ee54ea40749a09fcbcd1e9432"),
        [MnistFiles.TestImages + ".gz"] = FileChecksum.Md5("9fb629c4189551a2d022fa330f9573f3"),
        [MnistFiles.TestLabels + ".gz"] = FileChecksum.Md5("ec29112dd5afa0611ce80d1b7f02629c"),
    };

    /// <summary>
    /// A folder with the four files, compressed or not; null (the default) to look elsewhere. Where it is set, nothing else is tried.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>The folder from which ../shared/data/mnist is looked for; default: the current folder.</summary>
    public string SearchFrom { get; init; } = System.IO.Directory.GetCurrentDirectory();

    /// <summary>Whether the files may be downloaded; default true.</summary>
    public bool AllowDownload { get; init; } = true;

    /// <summary>How to download; default: <see cref="PublicMirrors"/>, two attempts each, 10 seconds of silence before giving up.</summary>
    public DownloadOptions Download { get; init; } = new()
    {
        Mirrors = PublicMirrors,
        AttemptsPerMirror = 2,
        StallTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>
    /// The checksum of each of the four downloaded files, by name; default: <see cref="PublishedChecksums"/>. Sets that come in files of
    /// the same names, such as Fashion-MNIST, have others.
    /// </summary>
    public IReadOnlyDictionary<string, FileChecksum> Checksums
    {
        get;
        init => field = MnistFiles.All.All(name => value.ContainsKey(name + ".gz"))
            ? value
            : throw new ArgumentException(
                $"[{string.Join(", ", value.Keys)}] came; expected {string.Join(", ", PublishedChecksums.Keys)}.", nameof(Checksums));
    } = PublishedChecksums;

    /// <summary>The folder for downloaded files; default: deeptricks/mnist in the user's folder for local application data.</summary>
    public string CacheDirectory { get; init; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "deeptricks",
        "mnist");

    /// <summary>Whether generated digits may stand in where nothing else is had; default true. With false that is an error.</summary>
    public bool AllowSynthetic { get; init; } = true;

    /// <summary>How many digits are generated to train with; default 7,000.</summary>
    public int SyntheticTrainCount
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SyntheticTrainCount), value, "Expected at least 1.");
    } = 7000;

    /// <summary>How many digits are generated to test with; default 1,000.</summary>
    public int SyntheticTestCount
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SyntheticTestCount), value, "Expected at least 1.");
    } = 1000;

    /// <summary>The seed of the generated digits; default 0.</summary>
    public long SyntheticSeed { get; init; }
}
