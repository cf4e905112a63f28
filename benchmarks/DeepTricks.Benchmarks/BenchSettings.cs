using System.Globalization;

namespace DeepTricks.Benchmarks;

/// <summary>What the command line says.</summary>
public sealed record BenchSettings(string Area)
{
    /// <summary>How the command is used.</summary>
    public const string Usage = """
        usage: ./build.sh bench AREA [CASE...] [--rounds N] [--seconds S] [--threads N]   ours against the peer, in alternating rounds
               ./build.sh bench AREA --bdn [ARGUMENTS]                                    ours alone, by BenchmarkDotNet (its own arguments)

        --rounds   rounds of each side (11)
        --seconds  time of a round (0.2)
        --threads  threads of libtorch and of its BLAS on both sides (1)
        """;

    /// <summary>The cases to run; all where none is named.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    public int Rounds { get; init; } = 11;

    public double Seconds { get; init; } = 0.2;

    public int Threads { get; init; } = 1;

    /// <summary>Answer commands as one side, instead of measuring.</summary>
    public bool Serve { get; init; }

    /// <summary>What BenchmarkDotNet shall be called with; null where it shall not.</summary>
    public string[]? BenchmarkDotNet { get; init; }

    /// <exception cref="ArgumentException">An argument is unknown, or its value is.</exception>
    public static BenchSettings Parse(string[] arguments)
    {
        if (arguments is not [{ } area, ..] || area.StartsWith('-')) throw new ArgumentException("Expected an area.");
        var settings = new BenchSettings(area);
        var rest = new Queue<string>(arguments[1..]);
        while (rest.TryDequeue(out var word))
            switch (word)
            {
                case "--bdn": return settings with { BenchmarkDotNet = [.. rest] };
                case "--serve": settings = settings with { Serve = true }; break;
                case "--rounds": settings = settings with { Rounds = (int)Number(word, 1) }; break;
                case "--seconds": settings = settings with { Seconds = Number(word, 0.001) }; break;
                case "--threads": settings = settings with { Threads = (int)Number(word, 1) }; break;
                case ['-', ..]: throw new ArgumentException($"Unknown argument {word}.");
                default: settings = settings with { Cases = [.. settings.Cases, word] }; break;
            }
        return settings;

        double Number(string option, double least) =>
            rest.TryDequeue(out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least
                ? number
                : throw new ArgumentException($"{option} wants a number of at least {least}.");
    }
}
