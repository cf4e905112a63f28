using System.Globalization;
using DeepTricks.Data;

namespace DimensionSample;

/// <summary>The sample as a whole, for its program and for tests.</summary>
internal static class Sample
{
    /// <summary>Runs it and gives the exit code.</summary>
    public static int Run(string[] arguments) => SampleProgram.Run(arguments, SampleOptions.Parse, options => options.Report, Run);

    private static void Run(SampleOptions options)
    {
        using var digits = Mnist.Load(new() { Directory = options.Data, AllowDownload = options.Download });
        Console.WriteLine(digits.Source);
        var experiment = new Experiment(digits, options);
        var results = Arm.All.Select(experiment.Run).ToList();
        Console.WriteLine();
        Console.WriteLine($"{"",-10}{string.Concat(results.Select(result => $"{result.Arm.Name,18}"))}{"published",18}{"published, shuffled",21}");
        for (var i = 0; i < results[0].Profiles[0].Layers.Count; i++)
        {
            var layer = i;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{results[0].Profiles[0].Layers[i].Layer,-10}{string.Concat(results.Select(result => $"{result.Dimension(layer).ToString(2),18}"))}{Published.Trained.Layers[i].Dimension,18:F1}{Published.Shuffled.Layers[i].Dimension,21:F1}"));
        }

        Console.WriteLine($"{"error, %",-10}{string.Concat(results.Select(result => $"{result.Error().ToString(2),18}"))}");
        SampleReport.Of(results, digits, options).Save(options.Report);
    }
}
