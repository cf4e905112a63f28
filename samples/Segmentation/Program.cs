// Trains UNet 3+ on slices that look like CT, with and without the three tricks of its paper, under several seeds, and reports what each does to
// the masks, and to slices on which there is nothing to find.
using System.Diagnostics;
using SegmentationSample;

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
    Console.WriteLine($"Drawn slices: {options.Train} for training, {options.Test} for testing. {Arm.All.Count} arms; seeds: {options.Seeds}; epochs: {options.Epochs}.");
    Console.WriteLine();
    var watch = Stopwatch.StartNew();
    using var experiment = new Experiment(options);
    var results = experiment.Run(Arm.All);
    SummaryTable.Print(results, options, Console.Out);
    SampleReport.Of(results, experiment.Test, options).Save(options.Output);
    Console.WriteLine();
    Console.WriteLine($"The report is {Path.GetFullPath(options.Output)} ({watch.Elapsed.TotalSeconds:F0} s).");
}
