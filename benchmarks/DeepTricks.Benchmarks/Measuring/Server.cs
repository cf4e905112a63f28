using System.Diagnostics;
using System.Globalization;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>The other end of <see cref="Side"/> for cases of ours.</summary>
public static class Server
{
    /// <summary>Answers until the commands end.</summary>
    /// <param name="setUp">Makes the case of a name ready; gives what to run, and the number that tells what it computes.</param>
    /// <param name="commands">Where the commands come from.</param>
    /// <param name="answers">Where the answers go.</param>
    public static void Serve(Func<string, (Action Run, double Check)> setUp, TextReader commands, TextWriter answers)
    {
        Action run = () => throw new InvalidOperationException("No case is set up.");
        while (commands.ReadLine() is { } line)
        {
            string answer;
            try
            {
                answer = Answer(line);
            }
            catch (Exception error)
            {
                answer = $"error {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
            }
            answers.WriteLine(answer);
            answers.Flush();
        }

        string Answer(string line)
        {
            switch (line.Split(' ', 2))
            {
                case ["setup", var name]:
                    (run, var check) = setUp(name);
                    return string.Create(CultureInfo.InvariantCulture, $"ready {check:R}");
                case ["run", var count]:
                    var round = Time(run, long.Parse(count, CultureInfo.InvariantCulture));
                    return string.Create(CultureInfo.InvariantCulture, $"took {round.Wall:R} {round.Processor:R}");
                case ["peak"]:
                    return string.Create(CultureInfo.InvariantCulture, $"peak {ResidentMemory.PeakOf(run):R}");
                default: throw new ArgumentException($"Expected 'setup NAME', 'peak' or 'run COUNT', and got '{line}'.");
            }
        }
    }

    private static Round Time(Action run, long count)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0L; i < count; i++)
            run();
        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
