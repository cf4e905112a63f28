namespace DeepTricks.Data;

/// <summary>
/// The handwritten digits of MNIST (LeCun, Cortes and Burges), split into training and test data as published, in memory; or, where
/// they cannot be had, digits that are drawn. <see cref="Source"/> says which.
/// </summary>
/// <remarks>
/// Images are float32, N x 1 x 28 x 28, from 0 (paper) to 1 (ink), without further normalisation; labels are int64, N, from 0 to 9.
/// </remarks>
public sealed class Mnist : IDisposable
{
    private Mnist(InMemoryDataset train, InMemoryDataset test, MnistSource source)
    {
        Train = train;
        Test = test;
        Source = source;
    }

    /// <summary>The training data.</summary>
    public InMemoryDataset Train { get; }

    /// <summary>The test data.</summary>
    public InMemoryDataset Test { get; }

    /// <summary>Where the data came from.</summary>
    public MnistSource Source { get; }

    /// <summary>Loads the digits and waits for them; see <see cref="LoadAsync"/>.</summary>
    /// <param name="options">Where to look; the defaults where null.</param>
    /// <returns>The digits; the caller disposes of them.</returns>
    /// <exception cref="IOException">A named folder lacks a file, or nothing was found and digits may not be drawn.</exception>
    /// <exception cref="InvalidDataException">A file is not what its name says.</exception>
    public static Mnist Load(MnistOptions? options = null) => LoadAsync(options).GetAwaiter().GetResult();

    /// <summary>
    /// Loads the digits from the first of: <see cref="MnistOptions.Directory"/>; the folder that DEEPTRICKS_DATA names;
    /// ../shared/data/mnist where present; the cache folder, after downloading what is missing there; the generator. A folder that was
    /// named but cannot be used is an error: nothing else is tried in its place.
    /// </summary>
    /// <param name="options">Where to look; the defaults where null.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <returns>The digits; the caller disposes of them.</returns>
    /// <exception cref="IOException">A named folder lacks a file, or nothing was found and digits may not be drawn.</exception>
    /// <exception cref="InvalidDataException">A file is not what its name says.</exception>
    public static async Task<Mnist> LoadAsync(MnistOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        if (!string.IsNullOrEmpty(options.Directory))
        {
            return FromDirectory(options.Directory, MnistSourceKind.Directory);
        }

        if (Environment.GetEnvironmentVariable(MnistOptions.EnvironmentVariable) is { Length: > 0 } named)
        {
            return FromDirectory(named, MnistSourceKind.Environment);
        }

        if (FindShared(options.SearchFrom) is { } shared)
        {
            return FromDirectory(shared, MnistSourceKind.Shared);
        }

        var note = "Nothing was downloaded, as the options say.";
        if (options.AllowDownload)
        {
            try
            {
                await DownloadAsync(options, cancellation).ConfigureAwait(false);
                return FromDirectory(options.CacheDirectory, MnistSourceKind.Download);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                note = exception.Message;
            }
        }

        return options.AllowSynthetic
            ? Synthetic(options, note)
            : throw new IOException($"MNIST was not found: name its folder, or set {MnistOptions.EnvironmentVariable}. {note}");
    }

    /// <summary>Disposes of both datasets.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }

    private static Mnist FromDirectory(string directory, MnistSourceKind kind)
    {
        var path = Path.GetFullPath(directory);
        var train = MnistFiles.Load(path, MnistFiles.TrainImages, MnistFiles.TrainLabels);
        try
        {
            var test = MnistFiles.Load(path, MnistFiles.TestImages, MnistFiles.TestLabels);
            return new(train, test, new(kind, path, train.Count, test.Count));
        }
        catch
        {
            train.Dispose();
            throw;
        }
    }

    /// <summary>The shared folder beside the given folder or beside the repository that the given folder is in.</summary>
    private static string? FindShared(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var isRepository = Path.Exists(Path.Combine(folder.FullName, ".git"));
            if (folder.Parent is { } parent && (isRepository || folder.FullName == new DirectoryInfo(from).FullName))
            {
                var candidate = Path.Combine(parent.FullName, "shared", "data", "mnist");
                if (MnistFiles.AreIn(candidate))
                {
                    return candidate;
                }
            }

            if (isRepository)
            {
                return null;
            }
        }

        return null;
    }

    private static async Task DownloadAsync(MnistOptions options, CancellationToken cancellation)
    {
        foreach (var name in MnistFiles.All)
        {
            var file = name + ".gz";
            await FileDownload.FetchAsync(file, options.Checksums[file], options.CacheDirectory, options.Download, cancellation)
                .ConfigureAwait(false);
        }
    }

    private static Mnist Synthetic(MnistOptions options, string note)
    {
        var (trainImages, trainLabels) = SyntheticDigits.Generate(options.SyntheticTrainCount, options.SyntheticSeed, stream: 0);
        var (testImages, testLabels) = SyntheticDigits.Generate(options.SyntheticTestCount, options.SyntheticSeed, stream: 1);
        return new(
            MnistFiles.ToDataset(trainImages, trainLabels),
            MnistFiles.ToDataset(testImages, testLabels),
            new(MnistSourceKind.Synthetic, null, trainLabels.Length, testLabels.Length, note));
    }
}
