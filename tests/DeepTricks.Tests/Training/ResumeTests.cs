using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

/// <summary>A run that was stopped and one that was not end alike to the last bit. Alone, for the model draws from the default generator.</summary>
[Collection(ProcessWide.Name)]
public sealed class ResumeTests : IDisposable
{
    private const string Length = "17st";
    private readonly string _folder = Directory.CreateTempSubdirectory("resume-").FullName;

    public static TheoryData<Type> Callbacks => [.. LibraryCallbacks];

    private static IEnumerable<Type> LibraryCallbacks =>
        typeof(Callback).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Callback)) && !type.IsAbstract);

    [Fact]
    public void CanonicalCallbacks_EveryCallbackOfTheLibrary_HasARow() =>
        Assert.Empty(LibraryCallbacks.Except(CanonicalCallbacks.All.Keys));

    [Theory]
    [MemberData(nameof(Callbacks))]
    public void Fit_StoppedAfterAnyStepAndResumed_EqualsTheRunThatWasNot(Type callback)
    {
        var make = CanonicalCallbacks.All[callback];
        using var straight = Run("straight", 1, null, (problem, folder) => [make(problem, folder)]);
        // Within an epoch of five steps, at its end, right after it, and one at random.
        foreach (var stop in (int[])[1, 5, 6, Random.Shared.Next(2, 16)])
        {
            var name = $"stopped-{stop}";
            using var first = Run(name, 1, null, (problem, folder) => [make(problem, folder), StopAfter(stop)]);
            // New objects, and a start from other weights and numbers, which must not matter.
            using var second = Run(name, 99, Path.Combine(_folder, name, "resume.safetensors"), (problem, folder) => [make(problem, folder)]);
            AssertEqual(straight, second, $"{callback.Name} stopped after step {stop}");
        }
        AssertFilesEqual(callback == typeof(CsvLog) ? "log.csv" : null);
    }

    [Fact]
    public void Fit_ManyCallbacksAtOnceStoppedAndResumed_EqualsTheRunThatWasNot()
    {
        static Callback[] Make(Problem problem, string folder) =>
        [
            new LearningRateSchedule(Schedule.OneCycle(1)), new ExponentialMovingAverage(), GradientClipping.ByNorm(0.5),
            GradientClipping.ByValue(0.1), new CsvLog(Path.Combine(folder, "log.csv")), new NonFiniteGuard(3),
        ];

        using var straight = Run("straight", 1, null, Make);
        using var first = Run("stopped", 1, null, (problem, folder) => [.. Make(problem, folder), StopAfter(8)]);
        using var second = Run("stopped", 5, Path.Combine(_folder, "stopped", "resume.safetensors"), Make);

        AssertEqual(straight, second, "all");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static OnEvents StopAfter(long step) => new()
    {
        OnCheckpoint = trainer =>
        {
            if (trainer.Step != step)
                return;
            // The last save counts: that after the epoch's end, where the step ends one.
            trainer.Save(Path.Combine(trainer.Callbacks.OfType<FolderName>().Single().Folder, "resume.safetensors"));
            if (trainer.Step % trainer.StepsPerEpoch != 0 || trainer.IsEpochEnd)
                trainer.Stop();
        },
    };

    private CheckpointContent Run(string name, long seed, string? resumeFrom, Func<Problem, string, Callback[]> callbacks)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        using var problem = new Problem(seed, dropout: 0.3);
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [.. callbacks(problem, folder), new FolderName(folder)]);
        trainer.Fit(problem.Source, Length, new() { ResumeFrom = resumeFrom, Validation = problem.Source });
        using var scope = NewDisposeScope();
        using var live = trainer.Capture();
        return live.Detached();
    }

    private static void AssertEqual(CheckpointContent expected, CheckpointContent actual, string what)
    {
        Assert.Equal(expected.Texts, actual.Texts);
        Assert.Equal(expected.Tensors.Keys.Order(), actual.Tensors.Keys.Order());
        foreach (var (name, tensor) in expected.Tensors)
            Assert.True(tensor.bytes.SequenceEqual(actual.Tensors[name].bytes), $"{what}: {name} differs.");
    }

    private void AssertFilesEqual(string? file)
    {
        if (file is null)
            return;
        var expected = File.ReadAllText(Path.Combine(_folder, "straight", file));
        foreach (var folder in Directory.GetDirectories(_folder, "stopped-*"))
            Assert.Equal(expected, File.ReadAllText(Path.Combine(folder, file)));
    }

    /// <summary>Tells the callback that stops the run where to write.</summary>
    private sealed class FolderName(string folder) : Callback
    {
        internal string Folder => folder;
    }
}
