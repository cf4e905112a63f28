using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

public class LearningRateSchedulerTests
{
    [Fact]
    public void EpochEnd_AScheduler_IsSteppedOnce()
    {
        using var problem = new Problem();
        List<double> rates = [];
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
        [
            new LearningRateScheduler(optim.lr_scheduler.ExponentialLR(problem.Optimizer, 0.5), problem.Optimizer),
            new OnEvents { OnBatchStart = step => rates.Add(step.Trainer.LearningRate) },
        ]);

        trainer.Fit(problem.Source, "3ep");

        Assert.Equal([0.1, 0.05, 0.025], rates.Distinct().Select(rate => Math.Round(rate, 12)));
    }

    [Fact]
    public void New_ReduceLROnPlateau_Throws()
    {
        using var problem = new Problem();

        Assert.Throws<ArgumentException>("scheduler",
            () => new LearningRateScheduler(optim.lr_scheduler.ReduceLROnPlateau(problem.Optimizer), problem.Optimizer));
    }
}
