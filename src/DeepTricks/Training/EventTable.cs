using System.Diagnostics;

namespace DeepTricks.Training;

/// <summary>Who acts at which event, worked out once: an event costs a look into an array and the calls of those who override it.</summary>
internal sealed class EventTable
{
    // In the order of TrainingEvent.
    private static readonly Action<Callback, StepContext>[] Calls =
    [
        (callback, step) => callback.FitStart(step.Trainer),
        (callback, step) => callback.EpochStart(step.Trainer),
        (callback, step) => callback.BatchStart(step),
        (callback, step) => callback.BeforeForward(step),
        (callback, step) => callback.AfterForward(step),
        (callback, step) => callback.BeforeLoss(step),
        (callback, step) => callback.AfterLoss(step),
        (callback, step) => callback.BeforeBackward(step),
        (callback, step) => callback.AfterBackward(step),
        (callback, step) => callback.UnscaleGradients(step),
        (callback, step) => callback.TransformGradients(step),
        (callback, step) => callback.ClipGradients(step),
        (callback, step) => callback.BeforeStep(step),
        (callback, step) => callback.AfterStep(step),
        (callback, step) => callback.BatchEnd(step),
        (callback, step) => callback.EvaluationStart(step.Trainer),
        (callback, step) => callback.EvaluationBatchEnd(step),
        (callback, step) => callback.EvaluationEnd(step.Trainer),
        (callback, step) => callback.EpochEnd(step.Trainer),
        (callback, step) => callback.Checkpoint(step.Trainer),
        (callback, step) => callback.FitEnd(step.Trainer),
    ];

    private readonly Callback[][] _actors;
    private readonly TimingReport? _timings;

    internal EventTable(IReadOnlyList<Callback> callbacks, TimingReport? timings)
    {
        _timings = timings;
        _actors = new Callback[Calls.Length][];
        foreach (var line in TrainingLoop.Lines)
        {
            if (line.Event is not { } at)
                continue;
            var actors = callbacks.Where(callback => Overrides(callback, at));
            _actors[(int)at] = [.. line.Reversed ? actors.Reverse() : actors];
        }
    }

    internal IReadOnlyList<Callback> Actors(TrainingEvent at) => _actors[(int)at];

    internal void Raise(TrainingEvent at, StepContext step)
    {
        var actors = _actors[(int)at];
        if (actors.Length == 0)
            return;
        var call = Calls[(int)at];
        foreach (var actor in actors)
        {
            if (_timings is null)
            {
                call(actor, step);
                continue;
            }
            var start = Stopwatch.GetTimestamp();
            call(actor, step);
            _timings.Add(actor, at, Stopwatch.GetElapsedTime(start));
        }
    }

    private static bool Overrides(Callback callback, TrainingEvent at) =>
        callback.GetType().GetMethod(at.ToString())!.DeclaringType != typeof(Callback);
}
