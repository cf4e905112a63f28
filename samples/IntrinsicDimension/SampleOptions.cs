using System.Globalization;

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
    public static SampleOptions? Parse(string[] arguments, TextWriter errors)
    {
        var options = new SampleOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name == "--no-download")
            {
                options = options with { Download = false };
                continue;
            }

            var value = i + 1 < arguments.Length ? arguments[++i] : null;
            var read = (name, value) switch
            {
                ("--data", { } folder) => options with { Data = folder },
                ("--report", { } file) => options with { Report = file },
                ("--seeds", _) when Count(value) is { } seeds => options with { Seeds = seeds },
                ("--images", _) when Count(value) is { } images => options with { Images = images },
                ("--resamples", _) when Count(value) is { } resamples => options with { Resamples = resamples },
                ("--epochs", _) when Count(value) is { } epochs => options with { Epochs = epochs },
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
