using System.Collections.Concurrent;
using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>Trains the arms under each seed and examines what they learned.</summary>
internal sealed class Experiment : IDisposable
{
    private const long TestSeed = 999;
    private readonly SampleOptions _options;
    private readonly List<IDisposable> _owned = [];

    public Experiment(SampleOptions options)
    {
        _options = options;
        Usual = Own(BirdWorld.Draw(options.Test, TestSeed + options.FirstSeed, BirdWorld.TestStream, Backgrounds.Usual));
        Swapped = Own(BirdWorld.Draw(options.Test, TestSeed + options.FirstSeed, BirdWorld.TestStream, Backgrounds.Swapped));
        Train = [.. Enumerable.Range(options.FirstSeed, options.Seeds).Select(seed => Own(BirdWorld.Draw(options.Train, seed, BirdWorld.TrainingStream, Backgrounds.Usual)))];
    }

    /// <summary>The pictures that all runs are tested on: grounds as in training, and grounds that mislead.</summary>
    public BirdSet Usual { get; }

    /// <inheritdoc cref="Usual"/>
    public BirdSet Swapped { get; }

    /// <summary>The pictures to train with, of each seed.</summary>
    public IReadOnlyList<BirdSet> Train { get; }

    /// <summary>Trains runs beside each other, each on a thread of its own: layers as small as these keep one processor busy, and two badly.</summary>
    /// <returns>The results in the order of the arms.</returns>
    public IReadOnlyList<ArmResult> Run()
    {
        // First weights are drawn here, one learner after the other, from the one generator that all threads share.
        var learners = _options.Arms.Select(arm => Train.Select((set, i) =>
        {
            manual_seed(i + _options.FirstSeed);
            return Own(arm.Make(set, _options));
        }).ToList()).ToList();
        var epochs = learners.SelectMany(runs => runs).Sum(learner => learner is PrototypeLearner ? PrototypeLearner.EpochsOf(_options.Epochs) : _options.Epochs);
        var progress = new EpochProgress("all arms", epochs, trainer => $"loss {trainer.Metrics["loss"]:F2}", Console.Error);
        var runs = _options.Arms.Select(_ => new RunResult[_options.Seeds]).ToList();
        var threads = get_num_threads();
        set_num_threads(1);
        try
        {
            // The dear arms last in the list, first in the queue.
            var jobs = Enumerable.Range(0, _options.Seeds).SelectMany(seed => Enumerable.Range(0, _options.Arms.Count).Reverse().Select(arm => (arm, seed)));
            Parallel.ForEach(Partitioner.Create(jobs, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = _options.Workers }, job =>
            {
                var result = Run(learners[job.arm][job.seed], job.seed + _options.FirstSeed, progress);
                runs[job.arm][job.seed] = result;
                progress.Finish($"{_options.Arms[job.arm].Name}, seed {job.seed + _options.FirstSeed}: {result.Usual:F1} % usual, {result.Swapped:F1} % swapped");
            });
        }
        finally
        {
            set_num_threads(threads);
        }

        return [.. _options.Arms.Select((arm, i) => new ArmResult(arm, runs[i], learners[i][0]))];
    }

    public void Dispose() => _owned.ForEach(one => one.Dispose());

    private RunResult Run(Learner learner, int seed, EpochProgress progress)
    {
        var watch = Stopwatch.StartNew();
        learner.Train(seed, progress);
        return new()
        {
            Seconds = watch.Elapsed.TotalSeconds,
            Usual = Accuracy(learner, Usual),
            Swapped = Accuracy(learner, Swapped),
            Outside = Evidence.Outside(learner, Usual, relative: false),
            RelativeOutside = Evidence.Outside(learner, Usual, relative: true),
            SwappedOutside = Evidence.Outside(learner, Swapped, relative: false),
        };
    }

    private static double Accuracy(Learner learner, BirdSet set)
    {
        using var scope = NewDisposeScope();
        return 100 * learner.Predict(set).eq(set.Labels).to(ScalarType.Float64).mean().item<double>();
    }

    private T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }
}
