// Trains classifiers of drawn birds, whose grounds give them away in training and mislead in the test: end to end, with each prior, and a ProtoPNet; and
// shows what they look at.
using KakapoSample;

return SampleProgram.Run(args, SampleOptions.Parse, options => options.Output, Run);

static void Run(SampleOptions options)
{
    Console.WriteLine($"Drawn birds: {options.Train} for training, {options.Test} of each kind for testing. {options.Arms.Count} arms; seeds: {options.Seeds}; epochs: {options.Epochs}.");
    Console.WriteLine();
    using var experiment = new Experiment(options);
    var results = experiment.Run();
    SummaryTable.Print(results, options, Console.Out);
    SampleReport.Of(results, experiment, options).Save(options.Output);
    if (options.Picture is not null && SampleReport.Picture(results, experiment) is { } picture) File.WriteAllBytes(options.Picture, picture.ToPng());
}
