// Trains one small network on handwritten digits under six regularisers and several seeds, and reports what each does to the
// error, to the confidence of the predictions and to the network's robustness.
using DeepTricks.Data;
using Regularizers;

return SampleProgram.Run(args, DemoOptions.Parse, options => options.Report, Run);

static void Run(DemoOptions options)
{
    using var digits = Mnist.Load(new() { Directory = options.Data, AllowDownload = options.Download });
    Console.WriteLine(digits.Source);
    Console.WriteLine($"{Arm.All.Count} arms; seeds: {options.Seeds}; epochs: {options.Epochs}.");
    Console.WriteLine();

    var experiment = new Experiment(digits, options);
    var results = Arm.All.Select(experiment.Run).ToList();
    var summaries = results.ConvertAll(result => result.Summarize(options.FewEpochs));
    SummaryTable.Print(summaries, options, Console.Out);
    DemoReport.Of(results, summaries, digits, options).Save(options.Report);
}
