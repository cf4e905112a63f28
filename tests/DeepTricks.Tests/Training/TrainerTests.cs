using DeepTricks.Metrics;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

public class TrainerTests
{
    [Fact]
    public void Fit_ManyEpochs_LearnsTheProblem()
    {
        using var problem = new Problem();
        using var accuracy = new Accuracy();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer);

        var history = trainer.Fit(problem.Source, "40ep", new() { Validation = problem.Source, Metrics = [accuracy], ValidateEveryEpochs = 20 });

        Assert.Equal(40, history.Count);
        Assert.True(history[^1].Metrics["loss"] < history[0].Metrics["loss"] / 4);
        Assert.True(trainer.Metrics["validation/accuracy"] > 0.95);
        Assert.False(history[0].Metrics.ContainsKey("validation/accuracy"));
    }

    [Fact]
    public void Fit_OneEpoch_ReportsTheMeanOverRowsOfTheLosses()
    {
        using var problem = new Problem();
        var (sum, rows) = (0.0, 0L);
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new OnEvents { OnAfterBackward = step => { sum += step.Loss.item<float>() * step.BatchRows; rows += step.BatchRows; } }]);

        trainer.Fit(problem.Source, "1ep");

        Assert.Equal(38, rows);
        Assert.Equal(sum / rows, trainer.Metrics["loss"], 1e-6);
    }

    [Fact]
    public void Fit_TermsAddedByACallback_AreWeightedSummedAndReportedApart()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new OnEvents { OnAfterLoss = step => step.Terms.Add(new("size", step.Output.square().mean(), 0.5)) }]);

        trainer.Fit(problem.Source, "1ep");

        var metrics = trainer.Metrics;
        Assert.Equal(metrics["loss/cross-entropy"] + (0.5 * metrics["loss/size"]), metrics["loss"], 1e-6);
    }

    [Fact]
    public void Fit_InSteps_EndsWithinAnEpochAndGoesOnLater()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer);

        trainer.Fit(problem.Source, "7st");
        Assert.Equal((7, 1), (trainer.Step, trainer.Epoch));
        trainer.Fit(problem.Source, "2ep");
        Assert.Equal((10, 2), (trainer.Step, trainer.Epoch));
    }

    [Fact]
    public void Stop_InAStep_EndsTheRunAfterIt()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new OnEvents { OnBatchEnd = step => { if (step.Trainer.Step == 3) step.Trainer.Stop(); } }]);

        trainer.Fit(problem.Source, "5ep");

        Assert.Equal(3, trainer.Step);
    }

    [Fact]
    public void Stop_InTheLastStep_LetsTheEpochEnd()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new OnEvents { OnBatchEnd = step => { if (step.Trainer.Step == 10) step.Trainer.Stop(); } }]);

        trainer.Fit(problem.Source, "2ep");

        Assert.Equal(2, trainer.History.Count);
    }

    [Fact]
    public void Fit_AFraction_Throws()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer);

        Assert.Throws<ArgumentException>("duration", () => trainer.Fit(problem.Source, "0.5dur"));
    }

    [Fact]
    public void Fit_NoTermAtAll_Throws()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(Objective.Of(problem.Model, _ => { }), problem.Optimizer);

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(problem.Source, "1ep"));
        Assert.Contains("no term", error.Message);
    }

    [Fact]
    public void Fit_ATermWithSeveralElements_ThrowsAndNamesIt()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(Objective.Of(problem.Model, step => step.Terms.Add(new("wide", step.Output))), problem.Optimizer);

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(problem.Source, "1ep"));
        Assert.Equal("Expected the term \"wide\" of the loss to have one element; its shape is [8, 3].", error.Message);
    }

    [Fact]
    public void Output_AfterItsMicroBatch_IsNotThere()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new OnEvents { OnBatchEnd = step => step.Output.sum() }]);

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(problem.Source, "1ep"));
        Assert.Equal("There is no Output at this event.", error.Message);
    }

    [Fact]
    public void TakeMainLoss_ByACallback_StandsInForTheObjectives()
    {
        using var problem = new Problem();
        List<string> names = [];
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
            [new TakesMainLoss(), new OnEvents { OnAfterLoss = step => names.AddRange(step.Terms.Select(term => term.Name)) }]);

        trainer.Fit(problem.Source, "1st");

        Assert.Equal(["mine"], names);
    }

    [Fact]
    public void Save_InTheMidstOfAStep_Throws()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new OnEvents { OnBatchEnd = step => step.Trainer.Save("never-written") }]);

        Assert.Throws<InvalidOperationException>(() => trainer.Fit(problem.Source, "1ep"));
    }

    [Fact]
    public void Evaluate_TwoMetricsOfOneName_Throws()
    {
        using var problem = new Problem();
        using var one = new Accuracy();
        using var two = new Accuracy();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer);

        Assert.Throws<ArgumentException>("metrics", () => trainer.Evaluate(problem.Source, one, two));
    }

    [Fact]
    public void Evaluate_AModelWithFrozenParts_LeavesEachModulesMode()
    {
        using var problem = new Problem();
        using var accuracy = new Accuracy();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer);
        problem.Model.train();
        problem.Model.children().First().eval();

        var figures = trainer.Evaluate(problem.Source, accuracy);

        Assert.True(problem.Model.training);
        Assert.False(problem.Model.children().First().training);
        Assert.True(problem.Model.children().Last().training);
        using var scope = NewDisposeScope();
        var scores = problem.Model.call(problem.Inputs);
        Assert.Equal(scores.argmax(1).eq(problem.Targets).to(ScalarType.Float64).mean().item<double>(), figures["accuracy"], 1e-12);
        Assert.Contains("loss", figures);
    }

    private sealed class TakesMainLoss : Callback
    {
        public override void BeforeLoss(StepContext step) => step.TakeMainLoss(new("mine", step.Output.square().mean()));
    }
}
