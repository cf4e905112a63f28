using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

public class EarlyStoppingTests
{
    [Fact]
    public void EpochEnd_NoImprovementForTwoEpochs_Stops()
    {
        using var problem = new Problem();
        // The loss never falls by 10, so that the first epoch stays the best.
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new EarlyStopping(new() { Goal = Goal.Lowest("loss"), Patience = 2, MinimumChange = 10 })]);

        var history = trainer.Fit(problem.Source, "9ep");

        Assert.Equal(3, history.Count);
    }

    [Fact]
    public void EpochEnd_SteadyImprovement_GoesOn()
    {
        using var problem = new Problem();
        var stopping = new EarlyStopping(new() { Goal = Goal.Lowest("loss"), Patience = 2 });
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [stopping]);

        var history = trainer.Fit(problem.Source, "9ep");

        Assert.Equal(9, history.Count);
        Assert.Equal(history.Min(record => record.Metrics["loss"]), stopping.Best);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Patience_BelowOne_Throws(int patience) =>
        Assert.Throws<ArgumentOutOfRangeException>("Patience", () => new EarlyStoppingOptions { Patience = patience });
}
