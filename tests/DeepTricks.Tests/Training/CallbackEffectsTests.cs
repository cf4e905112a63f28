using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

public class CallbackEffectsTests
{
    [Fact]
    public void Trainer_TwoOwnersOfTheLearningRate_ThrowsAndNamesBoth()
    {
        using var problem = new Problem();

        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(problem.Objective, problem.Optimizer,
            [new LearningRateSchedule(Schedule.Constant(1)), GradientClipping.ByNorm(1), new LearningRateSchedule(Schedule.Linear(1, 0))]));

        Assert.Equal("LearningRateSchedule(1) cannot be combined with LearningRateSchedule(linear 1 to 0), because both determine alone: LearningRate. " +
            "Keep one of them.", error.Message);
    }

    [Fact]
    public void Trainer_AnExcludedCallbackInEitherOrder_ThrowsAndSaysWhy()
    {
        using var problem = new Problem();
        foreach (var callbacks in (Callback[][])[[new Excludes(), GradientClipping.ByNorm(1)], [GradientClipping.ByNorm(1), new Excludes()]])
        {
            var error = Assert.Throws<InvalidOperationException>(() => new Trainer(problem.Objective, problem.Optimizer, callbacks));

            Assert.Equal("Excludes cannot be combined with GradientClipping(norm 1), because it needs the gradients as they are.", error.Message);
        }
    }

    [Fact]
    public void Trainer_TwoAveragesForEvaluations_Throws()
    {
        using var problem = new Problem();

        Assert.Throws<InvalidOperationException>(() =>
            new Trainer(problem.Objective, problem.Optimizer, [new StochasticWeightAveraging(), new ExponentialMovingAverage()]));
        using var allowed = new Trainer(problem.Objective, problem.Optimizer,
            [new StochasticWeightAveraging(), new ExponentialMovingAverage(new() { SwapForEvaluation = false })]);
    }

    [Fact]
    public void Trainer_NullAmongTheCallbacks_Throws()
    {
        using var problem = new Problem();

        Assert.Throws<ArgumentException>("callbacks", () => new Trainer(problem.Objective, problem.Optimizer, [null!]));
    }

    private sealed class Excludes : Callback
    {
        public override CallbackEffects Effects => new() { Excludes = [new(typeof(GradientClipping), "it needs the gradients as they are")] };
    }
}
