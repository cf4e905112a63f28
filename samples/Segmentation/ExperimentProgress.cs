using System.Diagnostics;
using DeepTricks.Training;

namespace SegmentationSample;

/// <summary>One bar for all runs, which may go on at the same time, and a line for each arm that is done.</summary>
internal sealed class ExperimentProgress(long epochs, TextWriter writer) : Callback
{
    private const int Width = 40;
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
            var filled = (int)(Width * _done / epochs);
            var left = Stopwatch.GetElapsedTime(_start) / _done * (epochs - _done);
            writer.Write($"\r[{new string('#', filled)}{new string('.', Width - filled)}] {_done} of {epochs} epochs, {left.TotalSeconds:F0} s left   ");
        }
    }

    public void Finish(ArmResult result)
    {
        lock (_lock)
            writer.WriteLine($"{(_live ? $"\r{"",-80}\r" : "")}{result.Arm.Name,-18} Dice {result.Over(run => run.GlobalDice).Mean:F1} %, after {Stopwatch.GetElapsedTime(_start).TotalSeconds:F0} s");
    }
}
