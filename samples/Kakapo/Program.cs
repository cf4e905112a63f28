// Trains classifiers of drawn birds, whose grounds give them away in training and mislead in the test: end to end, with each prior, and a ProtoPNet; and
// shows what they look at.
using System.Diagnostics;
using KakapoSample;

if (SampleOptions.Parse(args, Console.Error) is not { } options)
{
    return args.Contains("--help") ? 0 : 2;
}

try
{
    // A report that cannot be written should not cost the minutes of a training first.
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Output))!);
    Run(options);
    return 0;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static void Run(SampleOptions options)
{
    Console.WriteLine($"Drawn birds: {options.Train} for training, {options.Test} of each kind for testing. {options.Arms.Count} arms; seeds: {options.Seeds}; epochs: {options.Epochs}.");
    Console.WriteLine();
    var watch = Stopwatch.StartNew();
    using var experiment = new Experiment(options);
    var results = experiment.Run();
    SummaryTable.Print(results, options, Console.Out);
    SampleReport.Of(results, experiment, options).Save(options.Output);
    if (options.Picture is not null && SampleReport.Picture(results, experiment) is { } picture) File.WriteAllBytes(options.Picture, picture.ToPng());
    Console.WriteLine();
    Console.WriteLine($"The report is {Path.GetFullPath(options.Output)} ({watch.Elapsed.TotalSeconds:F0} s).");
}
