using System.Globalization;

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

    /// <summary>Reads the arguments; null where the help was asked for or something is wrong, after saying so.</summary>
    public static DemoOptions? Parse(string[] arguments, TextWriter errors)
    {
        var options = new DemoOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var (name, value) = (arguments[i], i + 1 < arguments.Length ? arguments[i + 1] : null);
            var read = (name, value) switch
            {
                ("--report", { } file) => options with { Report = file },
                ("--checkpoint", { } file) => options with { Checkpoint = file },
                ("--pictures", { } folder) => options with { Pictures = folder },
                ("--threshold", _) when Probability(value) is { } threshold => options with { Threshold = threshold },
                ("--seeds", _) when Count(value) is { } seeds => options with { Seeds = seeds },
                ("--first-seed", _) when Count(value) is { } seed => options with { FirstSeed = seed },
                ("--epochs", _) when Count(value) is { } epochs => options with { Epochs = epochs },
                ("--scenes", _) when Count(value) is { } scenes => options with { TrainingScenes = scenes },
                ("--test-scenes", _) when Count(value) is { } scenes => options with { TestScenes = scenes },
                _ => null,
            };
            if (read is null)
            {
                errors.WriteLine(name == "--help" ? Help : $"Cannot read '{name} {value}'.\n\n{Help}");
                return null;
            }

            options = read;
        }

        if ((options.Checkpoint is null) == (options.Pictures is null)) return options;
        errors.WriteLine($"--checkpoint and --pictures belong together.\n\n{Help}");
        return null;
    }

    private static int? Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;

    private static double? Probability(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 ? value : null;
}
