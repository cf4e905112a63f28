// Trains one small network on handwritten digits under six regularisers and several seeds, and reports what each does to the
// error, to the confidence of the predictions and to the network's robustness.
using DeepTricks.Data;
using Regularizers;

if (DemoOptions.Parse(args, Console.Error) is not { } options)
{
    return args.Contains("--help") ? 0 : 2;
}

using var digits = Mnist.Load(new() { Directory = options.Data, AllowDownload = options.Download });
Console.WriteLine(digits.Source);
Console.WriteLine($"{Arm.All.Count} arms, {options.Seeds} seeds, {options.Epochs} epochs each.");
Console.WriteLine();

var started = DateTime.UtcNow;
var results = new List<ArmResult>();
foreach (var arm in Arm.All)
{
    results.Add(new Experiment(digits, options).Run(arm));
}

var summaries = results.ConvertAll(result => result.Summarize(options.FewEpochs));
SummaryTable.Print(summaries, options, Console.Out);
DemoReport.Of(results, summaries, digits, options).Save(options.Report);
Console.WriteLine();
Console.WriteLine($"The report is {Path.GetFullPath(options.Report)} ({(DateTime.UtcNow - started).TotalSeconds:F0} s).");
return 0;
