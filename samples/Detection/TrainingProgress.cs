using System.Diagnostics;
using DeepTricks.Training;

namespace DetectionSample;

/// <summary>One bar for a run; where the output is no terminal, its last line alone.</summary>
internal sealed class TrainingProgress(string name, int epochs, TextWriter writer) : Callback
{
    private const int Width = 24;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly bool _live = !Console.IsErrorRedirected;
    private int _done;

    public override void EpochEnd(Trainer trainer)
    {
        _done++;
        if (_live)
        {
            var left = Stopwatch.GetElapsedTime(_start) / _done * (epochs - _done);
            writer.Write($"\r{Bar()} loss {trainer.Metrics["loss"]:F3}, {left.TotalSeconds:F0} s left   ");
        }
    }

    public void Finish(RunResult result) => writer.WriteLine(
        $"{(_live ? "\r" : "")}{Bar()} AP50 of boxes {100 * result.Boxes.AveragePrecision50:F1} %, of masks {100 * result.Masks.AveragePrecision50:F1} %, {result.Whole.TotalSeconds:F0} s   ");

    private string Bar()
    {
        var filled = Width * _done / epochs;
        return $"{name,-8} [{new string('#', filled)}{new string('.', Width - filled)}]";
    }
}
