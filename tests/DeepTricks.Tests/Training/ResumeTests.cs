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
        // Within an epoch of five steps, after its last step, at its end, right after it, and at random.
        foreach (var (stop, atEpochEnd) in ((int, bool)[])[(1, false), (5, false), (5, true), (6, false), (Random.Shared.Next(2, 16), false)])
        {
            var name = $"stopped-{stop}-{atEpochEnd}";
            using var first = Run(name, 1, null, (problem, folder) => [make(problem, folder), StopAfter(stop, atEpochEnd)]);
            // New objects, and a start from other weights and numbers, which must not matter.
            using var second = Run(name, 99, Path.Combine(_folder, name, "resume.safetensors"), (problem, folder) => [make(problem, folder)]);
            AssertEqual(straight, second, $"{callback.Name} stopped after step {stop}{(atEpochEnd ? " and its epoch" : "")}");
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
        using var first = Run("stopped", 1, null, (problem, folder) => [.. Make(problem, folder), StopAfter(8, false)]);
        using var second = Run("stopped", 5, Path.Combine(_folder, "stopped", "resume.safetensors"), Make);

        AssertEqual(straight, second, "all");
    }

    public static TheoryData<string> Optimizers => [.. OptimizerFactories.Keys];

    // Two groups with settings of their own where the optimiser has them.
    private static Dictionary<string, Func<TinyNetwork, optim.Optimizer>> OptimizerFactories { get; } = new()
    {
        ["sgd"] = model => optim.SGD(model.parameters(), 0.1),
        ["sgd nesterov"] = model => optim.SGD(model.parameters(), 0.1, momentum: 0.9, weight_decay: 0.01, nesterov: true),
        ["sgd groups"] = model => optim.SGD(
        [
            new TorchSharp.Modules.SGD.ParamGroup(model.parameters().Take(2), lr: 0.1, momentum: 0.5),
            new TorchSharp.Modules.SGD.ParamGroup(model.parameters().Skip(2), lr: 0.01, momentum: 0.9),
        ], 0.1),
        ["adam"] = model => optim.Adam(model.parameters(), 0.01),
        ["adam amsgrad"] = model => optim.Adam(model.parameters(), 0.01, amsgrad: true),
        ["adamw"] = model => optim.AdamW(model.parameters(), 0.01, weight_decay: 0.1),
        ["rmsprop"] = model => optim.RMSProp(model.parameters(), 0.01, momentum: 0.9, centered: true),
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Fit_WithAnyOptimizerStoppedAndResumed_EqualsTheRunThatWasNot(string optimizer)
    {
        var make = OptimizerFactories[optimizer];
        using var straight = Run("straight", 1, null, (_, _) => [], make);
        using var first = Run("stopped", 1, null, (_, _) => [StopAfter(7, false)], make);
        using var second = Run("stopped", 5, Path.Combine(_folder, "stopped", "resume.safetensors"), (_, _) => [], make);

        AssertEqual(straight, second, optimizer);
    }

    [Fact]
    public void Load_ACheckpointOfAnotherOptimizer_SaysSo()
    {
        using var first = Run("stopped", 1, null, (_, _) => [StopAfter(7, false)]);

        var error = Assert.Throws<InvalidDataException>(() =>
            Run("stopped", 1, Path.Combine(_folder, "stopped", "resume.safetensors"), (_, _) => [], OptimizerFactories["adam"]));

        Assert.Equal("The checkpoint is of another optimiser: SGD, expected Adam.", error.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static OnEvents StopAfter(long step, bool atEpochEnd) => new()
    {
        OnCheckpoint = trainer =>
        {
            if (trainer.Step != step || trainer.IsEpochEnd != atEpochEnd)
                return;
            trainer.Save(Path.Combine(trainer.Callbacks.OfType<FolderName>().Single().Folder, "resume.safetensors"));
            trainer.Stop();
        },
    };

    private CheckpointContent Run(string name, long seed, string? resumeFrom, Func<Problem, string, Callback[]> callbacks,
        Func<TinyNetwork, optim.Optimizer>? optimizer = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        using var problem = new Problem(seed, dropout: 0.3, optimizer: optimizer);
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
