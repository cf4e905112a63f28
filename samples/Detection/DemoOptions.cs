namespace DetectionSample;

/// <summary>What the command line can say.</summary>
internal sealed record DemoOptions
{
    private const string Help = """
        Trains a small Mask R-CNN on drawn shapes in clutter and measures what it finds; or runs a checkpoint of torchvision on your own pictures.

          --seeds N          runs (3)
          --first-seed N     the seed of the first run; the next ones follow (1)
          --epochs N         epochs of each run (15)
          --scenes N         scenes to train with, of each run (600)
          --test-scenes N    scenes to measure with (200)
          --report FILE      where the report goes (artifacts/detection.html)

          --checkpoint FILE  a Faster or Mask R-CNN of torchvision's, .pth or .safetensors, recognised by its names
          --pictures DIR     the PNG files to run it on
          --threshold P      the least probability of what is drawn (0.5)
        """;

    public int Seeds { get; private init; } = 3;

    public int FirstSeed { get; private init; } = 1;

    public int Epochs { get; private init; } = 15;

    public int TrainingScenes { get; private init; } = 600;

    public int TestScenes { get; private init; } = 200;

    /// <summary>All runs are measured on the same scenes.</summary>
    public long TestSeed => 1000;

    public string Report { get; private init; } = Path.Combine("artifacts", "detection.html");

    public string? Checkpoint { get; private init; }

    public string? Pictures { get; private init; }

    public double Threshold { get; private init; } = 0.5;

    public static DemoOptions? Parse(string[] arguments, TextWriter errors)
    {
        var options = new CommandLine<DemoOptions>(Help)
            .Count("--seeds", (options, seeds) => options with { Seeds = seeds })
            .Count("--first-seed", (options, seed) => options with { FirstSeed = seed })
            .Count("--epochs", (options, epochs) => options with { Epochs = epochs })
            .Count("--scenes", (options, scenes) => options with { TrainingScenes = scenes })
            .Count("--test-scenes", (options, scenes) => options with { TestScenes = scenes })
            .Text("--report", (options, file) => options with { Report = file })
            .Text("--checkpoint", (options, file) => options with { Checkpoint = file })
            .Text("--pictures", (options, folder) => options with { Pictures = folder })
            .Probability("--threshold", (options, threshold) => options with { Threshold = threshold })
            .Read(new(), arguments, errors);
        if (options is null || (options.Checkpoint is null) == (options.Pictures is null)) return options;
        errors.WriteLine($"--checkpoint and --pictures belong together.\n\n{Help}");
        return null;
    }
}
