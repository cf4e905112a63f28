using DeepTricks.Data;

namespace DistillationSample;

/// <summary>The sample as a whole, for its program and for tests.</summary>
internal static class Sample
{
    /// <summary>Runs it and gives the exit code.</summary>
    public static int Run(string[] arguments) => SampleProgram.Run(arguments, SampleOptions.Parse, options => options.Report, Run);

    private static void Run(SampleOptions options)
    {
        using var digits = Mnist.Load(new() { Directory = options.Data, AllowDownload = options.Download });
        Console.WriteLine(digits.Source);
        Console.WriteLine($"Seeds: {options.Seeds}; {options.Images} images and {options.Epochs} epochs for each student.");
        using var experiment = new Experiment(digits, options);
        var teacher = Answers.Of(experiment.Teacher, digits.Test);
        var omitted = experiment.RunOmitted();
        var results = experiment.RunArms();
        SummaryTable.Print(results, omitted, teacher, options, Console.Out);
        SampleReport.Of(results, omitted, teacher, digits, options).Save(options.Report);
    }
}
