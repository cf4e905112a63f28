using System.Diagnostics;
using DeepTricks.Checkpoints;

namespace DetectionSample;

/// <summary>The program.</summary>
internal static class Demo
{
    /// <summary>Runs with the arguments of the command line.</summary>
    /// <returns>0; 1 where a file cannot be read or written; 2 where the arguments are wrong.</returns>
    public static int Run(string[] arguments)
    {
        if (DemoOptions.Parse(arguments, Console.Error) is not { } options) return arguments.Contains("--help") ? 0 : 2;
        try
        {
            // A report that cannot be written should not cost the minutes of a training first.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Report))!);
            var watch = Stopwatch.StartNew();
            if (options.Checkpoint is null) Train(options);
            else CheckpointRun.Run(options);
            Console.WriteLine();
            Console.WriteLine($"The report is {Path.GetFullPath(options.Report)} ({watch.Elapsed.TotalSeconds:F0} s).");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or CheckpointLoadException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    private static void Train(DemoOptions options)
    {
        Console.WriteLine($"Seeds: {options.Seeds}; {options.TrainingScenes} scenes each, {options.Epochs} epochs.");
        var experiment = new Experiment(options);
        var runs = Enumerable.Range(options.FirstSeed, options.Seeds).Select(experiment.Run).ToList();
        SummaryTable.Print(runs, options, Console.Out);
        var scenes = Scene.Draw(options.TestScenes, options.TestSeed, Experiment.TestStream);
        DemoReport.Of(runs, scenes, options).Save(options.Report);
        foreach (var scene in scenes) scene.Dispose();
        runs.ForEach(run => run.Model.Dispose());
    }
}
