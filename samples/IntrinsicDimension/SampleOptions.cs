namespace DimensionSample;

/// <summary>What the command line can say.</summary>
internal sealed record SampleOptions
{
    private const string Help = """
        Trains a small network on handwritten digits and follows their intrinsic dimension through its layers, beside the published one.

          --data DIR      the folder of MNIST's four IDX files (else DEEPTRICKS_DATA, else ../shared/data/mnist, else a download, else drawn digits)
          --no-download   do not download; draw digits instead
          --seeds N       runs of each arm (3)
          --images N      training images whose dimension is measured (2000, as published)
          --resamples N   parts of nine tenths of them over which it is averaged (50, as published)
          --epochs N      at most so many epochs a run (100)
          --report FILE   where the report goes (artifacts/intrinsic-dimension.html)
        """;

    public string? Data { get; private init; }

    public bool Download { get; private init; } = true;

    public int Seeds { get; private init; } = 3;

    public int Images { get; private init; } = 2000;

    public int Resamples { get; private init; } = 50;

    public int Epochs { get; private init; } = 100;

    public string Report { get; private init; } = Path.Combine("artifacts", "intrinsic-dimension.html");

    /// <summary>Reads the arguments; null where the help was asked for or something is wrong, after saying so.</summary>
    public static SampleOptions? Parse(string[] arguments, TextWriter errors) => new CommandLine<SampleOptions>(Help)
        .Flag("--no-download", options => options with { Download = false })
        .Text("--data", (options, folder) => options with { Data = folder })
        .Text("--report", (options, file) => options with { Report = file })
        .Count("--seeds", (options, seeds) => options with { Seeds = seeds })
        .Count("--images", (options, images) => options with { Images = images })
        .Count("--resamples", (options, resamples) => options with { Resamples = resamples })
        .Count("--epochs", (options, epochs) => options with { Epochs = epochs })
        .Read(new(), arguments, errors);
}
