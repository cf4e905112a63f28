using System.Globalization;

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

    /// <summary>Reads the arguments; null where the help was asked for or something is wrong, after saying so.</summary>
    public static SampleOptions? Parse(string[] arguments, TextWriter errors)
    {
        var options = new SampleOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var (name, value) = (arguments[i], i + 1 < arguments.Length ? arguments[i + 1] : null);
            var read = (name, value) switch
            {
                ("--output", { } file) => options with { Output = file },
                ("--seeds", _) when Count(value) is { } seeds => options with { Seeds = seeds },
                ("--epochs", _) when Count(value) is { } epochs => options with { Epochs = epochs },
                ("--train", _) when Count(value) is { } slices => options with { Train = slices },
                ("--test", _) when Count(value) is { } slices => options with { Test = slices },
                ("--workers", _) when Count(value) is { } arms => options with { Workers = arms },
                _ => null,
            };
            if (read is null)
            {
                errors.WriteLine(name == "--help" ? Help : $"Cannot read '{name} {value}'.\n\n{Help}");
                return null;
            }

            options = read;
        }

        return options;
    }

    private static int? Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;
}
