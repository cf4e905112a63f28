namespace DeepTricks.Training;

/// <summary>A line of <see cref="TrainingLoop.Text"/>.</summary>
/// <param name="Text">The line with its indentation.</param>
/// <param name="Event">The event that the line is, or null.</param>
/// <param name="Reversed">Whether callbacks run in reverse there.</param>
internal readonly record struct LoopLine(string Text, TrainingEvent? Event, bool Reversed)
{
    private const string ReverseMark = " (reverse)";

    internal int Depth => (Text.Length - Text.TrimStart().Length) / 4;

    internal static LoopLine Parse(string line)
    {
        var reversed = line.EndsWith(ReverseMark, StringComparison.Ordinal);
        var word = (reversed ? line[..^ReverseMark.Length] : line).Trim();
        return new(line, Enum.TryParse<TrainingEvent>(word, out var found) ? found : null, reversed);
    }
}
