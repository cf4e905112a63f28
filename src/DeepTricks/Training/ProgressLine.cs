using System.Diagnostics;
using System.Globalization;

namespace DeepTricks.Training;

/// <summary>
/// Shows how far the run is, with the time that is left: one line that is drawn over while it goes on and stays at the end of each epoch.
/// Where the output is no terminal, it writes the line of each epoch alone.
/// </summary>
public sealed class ProgressLine : Callback
{
    private const int BarWidth = 24;
    private const double SecondsBetweenDrawings = 0.1;

    private readonly TextWriter _writer;
    private readonly bool _live;
    private readonly string _title;
    private long _start;
    private long _drawn;
    private long _firstStep;
    private int _length;

    /// <summary>Makes the callback.</summary>
    /// <param name="writer">Where to write; standard error by default.</param>
    /// <param name="live">Whether to draw over the line; by default where the standard error is a terminal and <paramref name="writer"/> is null.</param>
    /// <param name="title">What stands before the line; nothing by default.</param>
    public ProgressLine(TextWriter? writer = null, bool? live = null, string title = "")
    {
        ArgumentNullException.ThrowIfNull(title);
        _writer = writer ?? Console.Error;
        _live = live ?? (writer is null && !Console.IsErrorRedirected);
        _title = title.Length > 0 ? title + " " : "";
    }

    /// <inheritdoc/>
    public override void FitStart(Trainer trainer)
    {
        _start = Stopwatch.GetTimestamp();
        _drawn = 0;
        _firstStep = trainer.Step;
        _length = 0;
    }

    /// <inheritdoc/>
    public override void BatchEnd(StepContext step)
    {
        if (!_live || Stopwatch.GetElapsedTime(_drawn).TotalSeconds < SecondsBetweenDrawings)
            return;
        _drawn = Stopwatch.GetTimestamp();
        var trainer = step.Trainer;
        Draw(string.Create(CultureInfo.InvariantCulture, $"{Head(trainer)} loss {trainer.ReadLoss():G4}, {Left(trainer)}"));
    }

    /// <inheritdoc/>
    public override void EpochEnd(Trainer trainer)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Head(trainer)} {LoggerLog.Figures(trainer)}, {Left(trainer)}");
        if (_live)
            Draw(line);
        else
            _writer.Write(line);
        _writer.WriteLine();
        _writer.Flush();
        _length = 0;
    }

    private string Head(Trainer trainer)
    {
        var done = (int)(trainer.Time.Progress * BarWidth);
        return string.Create(CultureInfo.InvariantCulture,
            $"{_title}[{new string('#', done)}{new string('.', BarWidth - done)}] epoch {trainer.Epoch + 1}, step {trainer.Step}/{trainer.TotalSteps}:");
    }

    private string Left(Trainer trainer)
    {
        var steps = trainer.Step - _firstStep;
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (trainer.Step >= trainer.TotalSteps)
            return $"took {Time(elapsed)}";
        return steps == 0 ? "" : $"{Time(elapsed / steps * (trainer.TotalSteps - trainer.Step))} left";
    }

    private void Draw(string line)
    {
        // Spaces take away what was longer the last time.
        _writer.Write('\r' + line.PadRight(_length));
        _writer.Flush();
        _length = line.Length;
    }

    private static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:D2}");
}
