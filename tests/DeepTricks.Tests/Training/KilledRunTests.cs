using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

/// <summary>A process that is killed while it trains and writes checkpoints leaves one that is whole, and that goes on as if nothing had been.</summary>
[Collection(ProcessWide.Name)]
public sealed class KilledRunTests : IDisposable
{
    internal const string Program = "train";
    private const string Length = "400ep";
    private readonly string _folder = Directory.CreateTempSubdirectory("killed-").FullName;

    [Fact]
    public void Fit_KilledAtRandomMoments_ResumesToTheSameWeights()
    {
        var file = Path.Combine(_folder, "last.safetensors");
        var steps = 0L;
        for (var kill = 0; kill < 4; kill++)
        {
            using var process = ChildPrograms.Start(Program, _folder);
            // Each child goes on from the file of the one before; it is killed some time after it has written its own first.
            var before = File.Exists(file) ? File.GetLastWriteTimeUtc(file) : default;
            var patience = DateTime.UtcNow.AddMinutes(1);
            while (!process.HasExited && DateTime.UtcNow < patience && !(File.Exists(file) && File.GetLastWriteTimeUtc(file) > before))
                Thread.Sleep(5);
            Thread.Sleep(Random.Shared.Next(40));
            process.Kill();
            process.WaitForExit();

            using var problem = new Problem(seed: kill + 10, dropout: 0.3);
            using var trainer = Trainer(problem);
            trainer.Load(file);
            Assert.True(trainer.Step > steps, $"The child has made no step beyond {steps}: {process.StandardError.ReadToEnd()}");
            steps = trainer.Step;
        }

        // The length is that of the children, for the schedule; both end after a few more epochs.
        var end = (steps / 5) + 3;
        Assert.True(end < 400, "The children came to the end before they were killed.");
        using var resumed = new Problem(seed: 77, dropout: 0.3);
        using (var trainer = Trainer(resumed, end))
            trainer.Fit(resumed.Source, Length, new() { ResumeFrom = file });
        using var straight = new Problem(seed: 1, dropout: 0.3);
        using (var trainer = Trainer(straight, end))
            trainer.Fit(straight.Source, Length);
        Assert.Equal(straight.Weights(), resumed.Weights());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What the child does.</summary>
    internal static void Train(string folder)
    {
        using var problem = new Problem(seed: 1, dropout: 0.3);
        var checkpoints = new TopCheckpoints(folder, new() { Interval = "1st", Goal = Goal.Lowest("loss"), Keep = 2 });
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [checkpoints, .. Callbacks()]);
        trainer.Fit(problem.Source, Length, new() { ResumeFrom = checkpoints.Last });
    }

    private Trainer Trainer(Problem problem, long endAfterEpoch = long.MaxValue) => new(problem.Objective, problem.Optimizer,
    [
        new TopCheckpoints(Path.Combine(_folder, "unused"), new() { Interval = "400ep" }), .. Callbacks(),
        new OnEvents { OnEpochEnd = trainer => { if (trainer.Epoch + 1 >= endAfterEpoch) trainer.Stop(); } },
    ]);

    private static Callback[] Callbacks() =>
        [new LearningRateSchedule(Schedule.Cosine(1, 0)), new ExponentialMovingAverage(new() { Decay = 0.9 }), GradientClipping.ByNorm(0.5)];
}
