using System.Diagnostics;
using DeepTricks.Data;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillationSample;

/// <summary>Trains the teacher, the students of all arms under each seed, and the student that never sees a three.</summary>
internal sealed class Experiment(Mnist digits, SampleOptions options) : IDisposable
{
    private const int BatchSize = 64;
    private const double LearningRate = 2e-3;

    private readonly int _threads = OneThread();
    private DigitNetwork? _teacher;

    public DigitNetwork Teacher => _teacher ??= TrainTeacher();

    /// <summary>Gives libtorch its threads back.</summary>
    public void Dispose()
    {
        set_num_threads(_threads);
        _teacher?.Dispose();
    }

    /// <summary>Trains all arms, runs beside each other on threads of their own: networks as small as these keep one processor busy, and two badly.</summary>
    public IReadOnlyList<ArmResult> RunArms()
    {
        var teacher = Teacher;
        var arms = Arm.All.Where((arm, i) => i == 0 || options.Arms.Count == 0 || options.Arms.Contains(arm.Name)).ToList();
        var runs = arms.SelectMany(arm => Enumerable.Range(1, options.Seeds).Select(seed => (Arm: arm, Seed: seed))).ToList();
        var figures = new (double Error, double Seconds)[runs.Count];
        Beside(runs.Count, i =>
        {
            var start = Stopwatch.GetTimestamp();
            using var scope = NewDisposeScope();
            using var room = new Classroom(teacher, Draw(runs[i].Seed), options, runs[i].Seed);
            using var student = runs[i].Arm.Learn(room);
            figures[i] = (Answers.Of(student, digits.Test).Error, Stopwatch.GetElapsedTime(start).TotalSeconds);
            Console.Error.WriteLine($"{runs[i].Arm.Name}, seed {runs[i].Seed}: error {figures[i].Error:F1} %, {figures[i].Seconds:F1} s");
        });
        return [.. arms.Select((arm, i) => new ArmResult(
            arm,
            [.. figures.Skip(i * options.Seeds).Take(options.Seeds).Select(figure => figure.Error)],
            [.. figures.Skip(i * options.Seeds).Take(options.Seeds).Select(figure => figure.Seconds)]))];
    }

    /// <summary>The experiment without threes, under each seed.</summary>
    public IReadOnlyList<OmittedDigit.Result> RunOmitted()
    {
        var experiment = new OmittedDigit(Teacher, digits, options);
        var results = new OmittedDigit.Result[options.Seeds];
        Beside(options.Seeds, i =>
        {
            using var scope = NewDisposeScope();
            results[i] = experiment.Run(i + 1);
            Console.Error.WriteLine(
                $"without threes, seed {i + 1}: recognised {results[i].Before.Recognized(OmittedDigit.Digit):F1} %, {results[i].After.Recognized(OmittedDigit.Digit):F1} % with the bias raised by {results[i].Bias:F1}");
        });
        return results;
    }

    private void Beside(int count, Action<int> run) => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Workers }, run);

    // The results are then the same whatever the machine; several runs keep several processors busy.
    private static int OneThread()
    {
        var threads = get_num_threads();
        set_num_threads(1);
        return threads;
    }

    private DigitNetwork TrainTeacher()
    {
        // Dropout draws from the generator that all threads share: the teacher learns before anything else.
        manual_seed(1);
        using var generator = new Generator(1);
        var teacher = new DigitNetwork(NetworkSize.Teacher, generator);
        using var optimizer = optim.Adam(teacher.parameters(), LearningRate);
        var progress = new EpochProgress("teacher", options.TeacherEpochs, trainer => $"loss {trainer.Metrics["loss"]:F3}", Console.Error);
        using var trainer = new Trainer(Objective.Classification(teacher), optimizer, [new LearningRateSchedule(Schedule.Cosine(1, 0)), progress]);
        var batches = new BatchLoader(digits.Train, new() { BatchSize = BatchSize, Seed = 1, PrefetchDepth = 0, Transform = Jitter.Move });
        trainer.Fit(batches, Duration.Epochs(options.TeacherEpochs));
        progress.Finish($"error {Answers.Of(teacher, digits.Test).Error:F1} %");
        return teacher;
    }

    /// <summary>The images of a seed, the same for all arms.</summary>
    private InMemoryDataset Draw(int seed)
    {
        using var scope = NewDisposeScope();
        var order = Enumerable.Range(0, digits.Train.Count).Select(i => (long)i).ToArray();
        new Random(seed).Shuffle(order);
        var drawn = tensor(order[..Math.Min(options.Images, order.Length)]);
        return new(digits.Train.Inputs.index_select(0, drawn), digits.Train.Targets!.index_select(0, drawn));
    }
}
