// Trains one small network on handwritten digits under six regularisers and several seeds, and reports what each does to the
// error, to the confidence of the predictions and to the network's robustness.
using System.Diagnostics;
using DeepTricks.Data;
using Regularizers;

if (DemoOptions.Parse(args, Console.Error) is not { } options)
{
    return args.Contains("--help") ? 0 : 2;
}

try
{
    // A report that cannot be written should not cost the minutes of a training first.
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Report))!);
    using var digits = Mnist.Load(new() { Directory = options.Data, AllowDownload = options.Download });
    Run(digits, options);
    return 0;
}
catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static void Run(Mnist digits, DemoOptions options)
{
    Console.WriteLine(digits.Source);
    Console.WriteLine($"{Arm.All.Count} arms; seeds: {options.Seeds}; epochs: {options.Epochs}.");
    Console.WriteLine();

    var watch = Stopwatch.StartNew();
    var experiment = new Experiment(digits, options);
    var results = Arm.All.Select(experiment.Run).ToList();
    var summaries = results.ConvertAll(result => result.Summarize(options.FewEpochs));
    SummaryTable.Print(summaries, options, Console.Out);
    DemoReport.Of(results, summaries, digits, options).Save(options.Report);
    Console.WriteLine();
    Console.WriteLine($"The report is {Path.GetFullPath(options.Report)} ({watch.Elapsed.TotalSeconds:F0} s).");
}
