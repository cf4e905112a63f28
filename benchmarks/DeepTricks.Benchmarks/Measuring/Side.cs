using System.Globalization;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>
/// A side in another process, by lines: "setup NAME" is answered by "ready NUMBER", "run COUNT" by "took WALL PROCESSOR", "peak" by
/// "peak BYTES", and anything that goes wrong by "error MESSAGE". The process waits for the next line in between, and uses no processor.
/// </summary>
public sealed class Side(string title, TextWriter commands, TextReader answers) : ISide
{
    public double SetUp(string name) => Ask($"setup {name}", "ready", 1)[0];

    public Round Run(long runs) => Ask(string.Create(CultureInfo.InvariantCulture, $"run {runs}"), "took", 2) is [var wall, var processor]
        ? new(wall, processor)
        : throw new InvalidOperationException();

    public double Peak() => Ask("peak", "peak", 1)[0];

    private double[] Ask(string command, string expected, int numbers)
    {
        var line = Answer(command) ?? throw new InvalidOperationException($"{title} ended at '{command}'.");
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != numbers + 1 || words[0] != expected)
            throw new InvalidOperationException($"{title} answered '{command}' with: {line}");
        return [.. words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
    }

    private string? Answer(string command)
    {
        try
        {
            commands.WriteLine(command);
            commands.Flush();
            return answers.ReadLine();
        }
        catch (IOException)
        {
            return null; // nobody reads any more
        }
    }
}
