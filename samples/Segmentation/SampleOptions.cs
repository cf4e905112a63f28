namespace SegmentationSample;

/// <summary>What the command line can say.</summary>
internal sealed record SampleOptions
{
    private const string Help = """
        Trains UNet 3+ on drawn CT slices with and without deep supervision, the hybrid loss and the guided module, and compares them.

          --seeds N       runs of each arm (3)
          --epochs N      epochs of each run (20)
          --train N       training slices of each run (96)
          --test N        test slices, the same for all runs (200)
          --workers N     arms that train at the same time (as many as there are processors)
          --output FILE   where the report goes (artifacts/segmentation.html)
        """;

    public int Seeds { get; init; } = 3;

    public int Epochs { get; init; } = 20;

    public int Train { get; init; } = 96;

    public int Test { get; init; } = 200;

    public int Workers { get; init; } = Environment.ProcessorCount;

    public string Output { get; init; } = Path.Combine("artifacts", "segmentation.html");

    public static SampleOptions? Parse(string[] arguments, TextWriter errors) => new CommandLine<SampleOptions>(Help)
        .Count("--seeds", (options, seeds) => options with { Seeds = seeds })
        .Count("--epochs", (options, epochs) => options with { Epochs = epochs })
        .Count("--train", (options, slices) => options with { Train = slices })
        .Count("--test", (options, slices) => options with { Test = slices })
        .Count("--workers", (options, arms) => options with { Workers = arms })
        .Text("--output", (options, file) => options with { Output = file })
        .Read(new(), arguments, errors);
}
