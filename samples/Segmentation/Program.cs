// Trains UNet 3+ on slices that look like CT, with and without the three tricks of its paper, under several seeds, and reports what each does to
// the masks, and to slices on which there is nothing to find.
using SegmentationSample;

return SampleProgram.Run(args, SampleOptions.Parse, options => options.Output, Run);

static void Run(SampleOptions options)
{
    Console.WriteLine($"Drawn slices: {options.Train} for training, {options.Test} for testing. {Arm.All.Count} arms; seeds: {options.Seeds}; epochs: {options.Epochs}.");
    Console.WriteLine();
    using var experiment = new Experiment(options);
    var results = experiment.Run(Arm.All);
    SummaryTable.Print(results, options, Console.Out);
    SampleReport.Of(results, experiment.Test, options).Save(options.Output);
}
