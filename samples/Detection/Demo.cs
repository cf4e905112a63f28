namespace DetectionSample;

/// <summary>The program.</summary>
internal static class Demo
{
    /// <summary>Runs with the arguments of the command line.</summary>
    /// <returns>0; 1 where a file cannot be read or written; 2 where the arguments are wrong.</returns>
    public static int Run(string[] arguments) => SampleProgram.Run(arguments, DemoOptions.Parse, options => options.Report, Run);

    private static void Run(DemoOptions options)
    {
        if (options.Checkpoint is null) Train(options);
        else CheckpointRun.Run(options);
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
