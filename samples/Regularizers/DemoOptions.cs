namespace Regularizers;

/// <summary>What the command line can say.</summary>
internal sealed record DemoOptions
{
    private const string Help = """
        Trains six regularisers on handwritten digits and compares them.

          --data DIR      the folder of MNIST's four IDX files (else DEEPTRICKS_DATA, else ../shared/data/mnist, else a download, else drawn digits)
          --no-download   do not download; draw digits instead
          --seeds N       runs of each arm (5)
          --epochs N      epochs of each run (12)
          --report FILE   where the report goes (artifacts/regularizers.html)
        """;

    public string? Data { get; private init; }

    public bool Download { get; private init; } = true;

    public int Seeds { get; private init; } = 5;

    public int Epochs { get; private init; } = 12;

    public string Report { get; private init; } = Path.Combine("artifacts", "regularizers.html");

    /// <summary>The epoch whose error stands for a short training.</summary>
    public int FewEpochs => Math.Min(5, Epochs);

    public static DemoOptions? Parse(string[] arguments, TextWriter errors) => new CommandLine<DemoOptions>(Help)
        .Text("--data", (options, folder) => options with { Data = folder })
        .Flag("--no-download", options => options with { Download = false })
        .Count("--seeds", (options, seeds) => options with { Seeds = seeds })
        .Count("--epochs", (options, epochs) => options with { Epochs = epochs })
        .Text("--report", (options, file) => options with { Report = file })
        .Read(new(), arguments, errors);
}
