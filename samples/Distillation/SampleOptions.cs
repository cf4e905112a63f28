namespace DistillationSample;

/// <summary>What the command line can say.</summary>
internal sealed record SampleOptions
{
    private const string Help = """
        Trains a large teacher on handwritten digits, small students alone and by nine ways of distillation, and one that never sees a 3.

          --data DIR          the folder of MNIST's four IDX files (else DEEPTRICKS_DATA, else ../shared/data/mnist, else a download, else drawn digits)
          --no-download       do not download; draw digits instead
          --seeds N           runs of each arm (5)
          --arm NAME          this arm and the student alone, and no other; can be said several times
          --images N          training images of a student, of which each seed draws its own (1000)
          --epochs N          epochs of a student over them (30)
          --teacher-epochs N  epochs of the teacher over all training images (12)
          --omitted-epochs N  epochs of the student without threes over all others (8)
          --workers N         runs that go on at the same time, each on a thread of its own (as many as there are processors)
          --report FILE       where the report goes (artifacts/distillation.html)
        """;

    public string? Data { get; private init; }

    public bool Download { get; private init; } = true;

    public int Seeds { get; private init; } = 5;

    /// <summary>The arms to run beside the student alone; all where there are none.</summary>
    public IReadOnlyList<string> Arms { get; private init; } = [];

    public int Images { get; private init; } = 1000;

    public int Epochs { get; private init; } = 30;

    public int TeacherEpochs { get; private init; } = 12;

    public int OmittedEpochs { get; private init; } = 8;

    /// <summary>The temperature of the student that never sees a 3.</summary>
    public double OmittedTemperature { get; private init; } = 8;

    public int Workers { get; private init; } = Environment.ProcessorCount;

    public string Report { get; private init; } = Path.Combine("artifacts", "distillation.html");

    /// <summary>Reads the arguments; null where the help was asked for or something is wrong, after saying so.</summary>
    public static SampleOptions? Parse(string[] arguments, TextWriter errors) => new CommandLine<SampleOptions>(Help)
        .Flag("--no-download", options => options with { Download = false })
        .Text("--data", (options, folder) => options with { Data = folder })
        .Count("--seeds", (options, seeds) => options with { Seeds = seeds })
        .Text("--arm", (options, name) => options with { Arms = [.. options.Arms, name] })
        .Count("--images", (options, images) => options with { Images = images })
        .Count("--epochs", (options, epochs) => options with { Epochs = epochs })
        .Count("--teacher-epochs", (options, epochs) => options with { TeacherEpochs = epochs })
        .Count("--omitted-epochs", (options, epochs) => options with { OmittedEpochs = epochs })
        .Count("--workers", (options, workers) => options with { Workers = workers })
        .Text("--report", (options, file) => options with { Report = file })
        .Read(new(), arguments, errors);
}
