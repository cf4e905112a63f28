using System.Diagnostics;
using DeepTricks.Training;

namespace Regularizers;

/// <summary>One bar for all runs of an arm; where the output is no terminal, its last line alone.</summary>
internal sealed class ArmProgress(string name, long epochs, TextWriter writer) : Callback
{
    private const int Width = 24;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly bool _live = !Console.IsErrorRedirected;
    private long _done;

    public override void EpochEnd(Trainer trainer)
    {
        _done++;
        if (_live)
        {
            var left = Stopwatch.GetElapsedTime(_start) / _done * (epochs - _done);
            writer.Write($"\r{Bar()} error {100 * trainer.Metrics["validation/error"]:F1} %, {left.TotalSeconds:F0} s left   ");
        }
    }

    public void Finish(ArmSummary summary) =>
        writer.WriteLine($"{(_live ? "\r" : "")}{Bar()} error {summary.FinalError.Mean:F2} %, {Stopwatch.GetElapsedTime(_start).TotalSeconds:F1} s   ");

    private string Bar()
    {
        var filled = (int)(Width * _done / epochs);
        return $"{name,-20} [{new string('#', filled)}{new string('.', Width - filled)}]";
    }
}
