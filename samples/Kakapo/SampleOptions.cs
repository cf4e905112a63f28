namespace KakapoSample;

/// <summary>What the command line can say.</summary>
internal sealed record SampleOptions
{
    private const string Help = """
        Trains classifiers of drawn birds whose backgrounds mislead, end to end and with each prior, and shows what they look at.

          --seeds N       runs of each arm (3)
          --first-seed N  the seed of the first run; the next ones follow, and the test pictures change with it (1)
          --epochs N      epochs of each run (12)
          --train N       training pictures of each run (1000)
          --test N        test pictures of each kind, the same for all runs (400)
          --arms A,B      the arms to train, of: end-to-end, cam, mask, two-streams, auxiliary, maxl, cam+mask, cam+auxiliary,
                          protopnet (all)
          --workers N     runs that train at the same time (as many as there are processors)
          --smoke         one seed, two epochs, few pictures: to see whether it works
          --output FILE   where the report goes (artifacts/kakapo.html)
          --picture FILE  a PNG of maps of evidence with and without the CAM constraint, for a page (none)
        """;

    public int Seeds { get; init; } = 3;

    public int FirstSeed { get; init; } = 1;

    public int Epochs { get; init; } = 12;

    public int Train { get; init; } = 1000;

    public int Test { get; init; } = 400;

    public IReadOnlyList<Arm> Arms { get; init; } = Arm.All;

    public int Workers { get; init; } = Environment.ProcessorCount;

    public string Output { get; init; } = Path.Combine("artifacts", "kakapo.html");

    public string? Picture { get; init; }

    public static SampleOptions? Parse(string[] arguments, TextWriter errors)
    {
        try
        {
            return new CommandLine<SampleOptions>(Help)
                .Flag("--smoke", options => options with { Seeds = 1, Epochs = 2, Train = 100, Test = 100 })
                .Count("--seeds", (options, seeds) => options with { Seeds = seeds })
                .Count("--first-seed", (options, seed) => options with { FirstSeed = seed })
                .Count("--epochs", (options, epochs) => options with { Epochs = epochs })
                .Count("--train", (options, pictures) => options with { Train = pictures })
                .Count("--test", (options, pictures) => options with { Test = pictures })
                .Count("--workers", (options, runs) => options with { Workers = runs })
                .Text("--arms", (options, keys) => options with { Arms = [.. keys.Split(',').Select(Arm.Of)] })
                .Text("--picture", (options, file) => options with { Picture = file })
                .Text("--output", (options, file) => options with { Output = file })
                .Read(new(), arguments, errors);
        }
        catch (ArgumentException exception)
        {
            errors.WriteLine($"{exception.Message}\n\n{Help}");
            return null;
        }
    }
}
