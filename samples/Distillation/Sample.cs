using System.Diagnostics;
using DeepTricks.Data;

namespace DistillationSample;

/// <summary>The sample as a whole, for its program and for tests.</summary>
internal static class Sample
{
    /// <summary>Runs it and gives the exit code.</summary>
    public static int Run(string[] arguments)
    {
        if (SampleOptions.Parse(arguments, Console.Error) is not { } options)
            return arguments.Contains("--help") ? 0 : 2;
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
    }

    private static void Run(Mnist digits, SampleOptions options)
    {
        Console.WriteLine(digits.Source);
        Console.WriteLine($"Seeds: {options.Seeds}; {options.Images} images and {options.Epochs} epochs for each student.");
        var watch = Stopwatch.StartNew();
        using var experiment = new Experiment(digits, options);
        var teacher = Answers.Of(experiment.Teacher, digits.Test);
        var omitted = experiment.RunOmitted();
        var results = experiment.RunArms();
        SummaryTable.Print(results, omitted, teacher, options, Console.Out);
        SampleReport.Of(results, omitted, teacher, digits, options).Save(options.Report);
        Console.WriteLine();
        Console.WriteLine($"The report is {Path.GetFullPath(options.Report)} ({watch.Elapsed.TotalSeconds:F0} s).");
    }
}
