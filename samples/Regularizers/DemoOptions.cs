using System.Globalization;

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

    /// <summary>Reads the arguments; null where the help was asked for or something is wrong, after saying so.</summary>
    public static DemoOptions? Parse(string[] arguments, TextWriter errors)
    {
        var options = new DemoOptions();
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
