using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

public sealed class TopCheckpointsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("top-").FullName;

    [Fact]
    public void Checkpoint_SomeEpochs_KeepsTheBestAndTheLast()
    {
        using var problem = new Problem();
        var checkpoints = new TopCheckpoints(_folder, new() { Goal = Goal.Lowest("loss"), Keep = 2 });
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [checkpoints]);

        var history = trainer.Fit(problem.Source, "6ep");

        var best = history.OrderBy(record => record.Metrics["loss"]).Take(2).Select(record => $"epoch-{record.Epoch:D6}.safetensors").ToArray();
        Assert.Equal([.. best.Order(), "last.safetensors"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Equal(Path.Combine(_folder, best[0]), checkpoints.Best);
    }

    [Fact]
    public void Checkpoint_AGoalThatDoesNotExist_ThrowsAndNamesThoseThatDo()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new TopCheckpoints(_folder, new() { Goal = Goal.Highest("validation/accuracy") })]);

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(problem.Source, "1ep"));

        Assert.Contains("there are: loss", error.Message);
    }

    [Fact]
    public void FitStart_WhatAKilledWriterLeft_IsTakenAway()
    {
        using var problem = new Problem();
        File.WriteAllText(Path.Combine(_folder, "last.safetensors.0123.tmp"), "half a checkpoint");
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new TopCheckpoints(_folder)]);

        trainer.Fit(problem.Source, "1ep");

        Assert.Equal(["last.safetensors"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Load_ACheckpointOfAnotherModel_NamesWhatDiffers()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer);
        var path = Path.Combine(_folder, "model.safetensors");
        trainer.Save(path);
        using var other = TorchSharp.torch.nn.Linear(6, 3);
        using var optimizer = TorchSharp.torch.optim.SGD(problem.Model.parameters(), 0.1);
        using var stranger = new Trainer(Objective.Classification(other), optimizer);

        var error = Assert.Throws<InvalidDataException>(() => stranger.Load(path));

        Assert.Contains("missing are [weight, bias]", error.Message);
        Assert.Contains("unexpected are [first.bias, first.weight, second.bias, second.weight]", error.Message);
    }

    [Fact]
    public void Load_StateOfACallbackThatIsNotThere_NamesIt()
    {
        using var problem = new Problem();
        var path = Path.Combine(_folder, "ema.safetensors");
        using (var trainer = new Trainer(problem.Objective, problem.Optimizer, [new ExponentialMovingAverage()]))
        {
            trainer.Fit(problem.Source, "1st");
            trainer.Save(path);
        }
        using var without = new Trainer(problem.Objective, problem.Optimizer);

        Assert.Contains("ExponentialMovingAverage", Assert.Throws<InvalidDataException>(() => without.Load(path)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
