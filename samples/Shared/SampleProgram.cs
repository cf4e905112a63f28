using System.Diagnostics;
using DeepTricks.Checkpoints;

namespace Samples;

/// <summary>The frame of a program that writes a report.</summary>
internal static class SampleProgram
{
    /// <summary>Runs a sample, and says where its report is.</summary>
    /// <typeparam name="T">Its settings.</typeparam>
    /// <param name="arguments">The command line.</param>
    /// <param name="parse">Reads it; null where the help was asked for or something is wrong, after saying so.</param>
    /// <param name="report">The file of the report.</param>
    /// <param name="run">Does the work and writes the report.</param>
    /// <returns>The exit code: 0; 1 where a file cannot be read or written; 2 where the arguments are wrong.</returns>
    public static int Run<T>(string[] arguments, Func<string[], TextWriter, T?> parse, Func<T, string> report, Action<T> run)
        where T : class
    {
        if (parse(arguments, Console.Error) is not { } options)
            return arguments.Contains("--help") ? 0 : 2;
        try
        {
            var path = Path.GetFullPath(report(options));
            // A report that cannot be written should not cost the minutes of a training first.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var watch = Stopwatch.StartNew();
            run(options);
            Console.WriteLine();
            Console.WriteLine($"The report is {path} ({watch.Elapsed.TotalSeconds:F0} s).");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or CheckpointLoadException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }
}
