using DeepTricks.Training;

namespace DeepTricks.Tests.Training;

public class AveragingTests
{
    [Fact]
    public void ExponentialMovingAverage_AfterSomeSteps_IsTheAverageByHandInEvaluations()
    {
        const double decay = 0.8;
        using var problem = new Problem();
        var average = Weights(problem);
        float[] evaluated = [];
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
        [
            new ExponentialMovingAverage(new() { Decay = decay, WarmUp = false }),
            new OnEvents { OnBatchEnd = _ => average = [.. average.Zip(Weights(problem), (old, now) => (decay * old) + ((1 - decay) * now))] },
            new AtEvaluation(() => evaluated = [.. Weights(problem).Select(value => (float)value)]),
        ]);

        trainer.Fit(problem.Source, "2ep", new() { Validation = problem.Source });

        for (var i = 0; i < average.Length; i++)
            Assert.Equal(average[i], evaluated[i], 1e-5);
        Assert.NotEqual(evaluated, Weights(problem).Select(value => (float)value));
    }

    [Fact]
    public void ExponentialMovingAverage_Evaluation_GivesTheWeightsBack()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new ExponentialMovingAverage()]);
        trainer.Fit(problem.Source, "1ep");
        var before = problem.Weights();

        trainer.Evaluate(problem.Source);

        Assert.Equal(before, problem.Weights());
    }

    [Fact]
    public void StochasticWeightAveraging_AtTheEnd_LeavesTheMeanOfTheLateWeights()
    {
        using var problem = new Problem();
        List<double[]> late = [];
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
        [
            new StochasticWeightAveraging(new() { Start = "6st", Interval = "2st" }),
            new OnEvents { OnBatchEnd = step => { if (step.Trainer.Step is 6 or 8 or 10) late.Add(Weights(problem)); } },
        ]);

        trainer.Fit(problem.Source, "2ep");

        var weights = Weights(problem);
        for (var i = 0; i < weights.Length; i++)
            Assert.Equal(late.Average(values => values[i]), weights[i], 1e-6);
    }

    private static double[] Weights(Problem problem) =>
        [.. problem.Model.parameters().SelectMany(parameter => parameter.data<float>().ToArray()).Select(value => (double)value)];

    private sealed class AtEvaluation(Action act) : Callback
    {
        public override void EvaluationBatchEnd(StepContext step) => act();
    }
}
