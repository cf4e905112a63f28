using DeepTricks.Metrics;
using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

[Collection(ProcessWide.Name)]
public sealed class LiveTensorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("live-").FullName;

    [Fact]
    public void Fit_WithEveryKindOfCallback_HoldsNoMoreTensorsWithEachStep()
    {
        using var problem = new Problem();
        using var accuracy = new Accuracy();
        List<long> live = [];
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
        [
            new ExponentialMovingAverage(), GradientClipping.ByNorm(1), new NonFiniteGuard(1), new TopCheckpoints(_folder),
            new OnEvents
            {
                OnAfterLoss = step => step.Terms.Add(new("size", step.Output.square().mean(), 0.1)),
                OnTransformGradients = step => step.Recompute(),
                OnEpochEnd = _ => live.Add(ProcessWide.LiveTensors()),
            },
        ], new() { MicroBatchSize = 3 });

        trainer.Fit(problem.Source, "6ep", new() { Validation = problem.Source, Metrics = [accuracy] });

        Assert.Equal(live[1], live[^1]);
    }

    [Fact]
    public void Dispose_AfterARun_LeavesNothing()
    {
        using var problem = new Problem();
        var before = ProcessWide.LiveTensors();
        using (problem.Optimizer)
        using (var trainer = new Trainer(problem.Objective, problem.Optimizer, [new ExponentialMovingAverage(), GradientClipping.ByNorm(1)]))
        {
            trainer.Fit(problem.Source, "2ep");
            trainer.Save(Path.Combine(_folder, "file.safetensors"));
            trainer.Load(Path.Combine(_folder, "file.safetensors"));
        }

        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
