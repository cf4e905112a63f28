using System.Globalization;
using System.Text;

namespace DeepTricks.Training;

/// <summary>The time that callbacks took, by event. Filled where <see cref="TrainerOptions.MeasureTime"/> is set.</summary>
/// <remarks>What a callback starts on a GPU and does not wait for is counted where somebody waits for it.</remarks>
public sealed class TimingReport
{
    private readonly Dictionary<(Callback, TrainingEvent), (TimeSpan Time, long Calls)> _entries = [];

    /// <summary>The wall time of all steps, callbacks and evaluations included.</summary>
    public TimeSpan Total { get; internal set; }

    /// <summary>One entry for each callback and event, the longest first.</summary>
    public IReadOnlyList<TimingEntry> Entries =>
        [.. _entries.Select(entry => new TimingEntry(entry.Key.Item1.Name, entry.Key.Item2, entry.Value.Time, entry.Value.Calls))
            .OrderByDescending(entry => entry.Time)];

    internal void Add(Callback callback, TrainingEvent at, TimeSpan time)
    {
        _entries.TryGetValue((callback, at), out var sum);
        _entries[(callback, at)] = (sum.Time + time, sum.Calls + 1);
    }

    /// <summary>A table: callback, event, calls, milliseconds in all, and its part of the whole time.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var entries = Entries;
        var width = entries.Select(entry => entry.Callback.Length).Append("callback".Length).Max();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"callback".PadRight(width)}  {"event",-18}  {"calls",9}  {"ms",11}  {"part",6}");
        foreach (var entry in entries)
        {
            var part = Total > TimeSpan.Zero ? entry.Time / Total : 0;
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{entry.Callback.PadRight(width)}  {entry.Event,-18}  {entry.Calls,9}  {entry.Time.TotalMilliseconds,11:F2}  {part,6:P1}");
        }
        return text.ToString();
    }
}
