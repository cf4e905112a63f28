using System.Diagnostics;
using DeepTricks.Training;

namespace Samples;

/// <summary>One bar for all epochs of some runs, which may go on at the same time; where the output is no terminal, the finished lines alone.</summary>
/// <param name="name">What stands before the bar.</param>
/// <param name="epochs">The epochs of all runs together.</param>
/// <param name="figure">What stands after the bar, for example the loss.</param>
/// <param name="writer">Where to.</param>
internal sealed class EpochProgress(string name, long epochs, Func<Trainer, string> figure, TextWriter writer) : Callback
{
    private const int Width = 24;
    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly bool _live = !Console.IsErrorRedirected;
    private long _done;

    public override void EpochEnd(Trainer trainer)
    {
        lock (_lock)
        {
            _done++;
            if (!_live)
                return;
            var left = Stopwatch.GetElapsedTime(_start) / _done * (epochs - _done);
            writer.Write($"\r{Bar()} {figure(trainer)}, {left.TotalSeconds:F0} s left   ");
        }
    }

    /// <summary>Ends the line with what came out.</summary>
    public void Finish(string result)
    {
        lock (_lock)
            writer.WriteLine($"{(_live ? "\r" : "")}{Bar()} {result}, {Stopwatch.GetElapsedTime(_start).TotalSeconds:F1} s   ");
    }

    private string Bar()
    {
        var filled = (int)(Width * _done / epochs);
        return $"{name,-20} [{new string('#', filled)}{new string('.', Width - filled)}]";
    }
}
