using DeepTricks.Losses;
using DeepTricks.Regularization;
using DeepTricks.Tests.Training;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Regularization;

/// <summary>The callbacks do what the tricks do in a loop by hand, however a batch is split. Alone, for models draw from the default generator.</summary>
[Collection(ProcessWide.Name)]
public sealed class RegularizationCallbackTests
{
    private const int Epochs = 2;
    private static readonly float[] ClassWeights = [0.5f, 1, 3];
    private static readonly ClassCosts Costs = ClassCosts.FromHierarchy([0, 0, 1], 1, 3);

    [Fact]
    public void LabelSmoothing_TrainsAsTheLoopByHand() => AssertEqualsLoop(
        () => new LabelSmoothingCallback(),
        (_, _) => (output, target) => LabelSmoothingLoss.Compute(output, target));

    [Fact]
    public void LabelSmoothing_TowardsSimilarClasses_TrainsAsTheLoopByHand()
    {
        var targets = ClassTargets.FromHierarchy([0, 0, 1], 0.3);
        AssertEqualsLoop(
            () => new LabelSmoothingCallback(new() { Targets = targets }),
            (_, _) => (output, target) => LabelSmoothingLoss.Compute(output, target, targets));
    }

    [Fact]
    public void OnlineLabelSmoothing_TrainsAsTheLoopByHand()
    {
        using var smoothing = new OnlineLabelSmoothing(new() { Classes = 3 });
        AssertEqualsLoop(
            () => new OnlineLabelSmoothingCallback(new() { Classes = 3 }),
            (_, step) =>
            {
                if (step > 0 && step % 5 == 0)
                {
                    smoothing.NextEpoch();
                }

                return (output, target) =>
                {
                    smoothing.Update(output, target);
                    return smoothing.Loss(output, target);
                };
            });
        Assert.True(smoothing.Targets[0, 0] > 1.0 / 3, "nothing was learned");
    }

    [Fact]
    public void ConfidencePenalty_WithARisingBeta_TrainsAsTheLoopByHand() => AssertEqualsLoop(
        () => new ConfidencePenaltyCallback(beta: Schedule.Linear(0, 0.5)),
        (_, step) => (output, target) => ConfidencePenaltyLoss.Compute(output, target, 0.5 * step / (Epochs * 5)));

    [Fact]
    public void ConfidencePenalty_WithAThreshold_TrainsAsTheLoopByHand() => AssertEqualsLoop(
        () => new ConfidencePenaltyCallback(new() { Beta = 0.7, Threshold = 1 }),
        (_, _) => (output, target) => ConfidencePenaltyLoss.Compute(output, target, 0.7, 1));

    [Fact]
    public void HierarchicalCost_TrainsAsTheLoopByHand() => AssertEqualsLoop(
        () => new HierarchicalCostCallback(Costs, new() { Weight = 0.4 }),
        (_, _) => (output, target) => HierarchicalCostLoss.Compute(output, target, Costs, 0.4));

    [Fact]
    public void FeatureContraction_TrainsAsTheLoopByHand()
    {
        FeatureContraction? contraction = null;
        AssertEqualsLoop(
            () => new FeatureContractionCallback(new() { Layers = ["first", "second"], Weight = 0.2 }),
            (problem, _) =>
            {
                contraction ??= new(problem.Model, new() { Layers = ["first", "second"], Weight = 0.2 });
                return (output, target) => nn.functional.cross_entropy(output, target) + contraction.Penalty();
            });
        contraction!.Dispose();
    }

    public static TheoryData<string> Splits => ["smoothing", "smoothing, summed", "online", "penalty", "penalty, summed", "cost", "contraction"];

    /// <summary>With class weights and ignored labels that fall unevenly on the micro-batches.</summary>
    [Theory]
    [MemberData(nameof(Splits))]
    public void Gradients_InMicroBatches_AreThoseOfTheWholeBatch(string kind)
    {
        var whole = Gradients(kind, null);

        foreach (var size in (int[])[19, 11])
        {
            var split = Gradients(kind, size);
            for (var i = 0; i < whole.Length; i++)
            {
                Assert.Equal(whole[i], split[i], 1e-5 * Math.Max(1, Math.Abs(whole[i])));
            }
        }
    }

    [Fact]
    public void TwoMainLosses_AreRefusedByName()
    {
        using var problem = new Problem();
        using var online = new OnlineLabelSmoothingCallback(new() { Classes = 3 });
        Exception? refused = null;
        try
        {
            using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new LabelSmoothingCallback(), online]);
            trainer.Fit(problem.Source, "1ep");
        }
        catch (InvalidOperationException exception)
        {
            refused = exception;
        }

        Assert.NotNull(refused);
        Assert.Contains(nameof(LabelSmoothingCallback), refused.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(OnlineLabelSmoothingCallback), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructors_AReductionThatIsNoScalar_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new LabelSmoothingCallback(new() { Reduction = nn.Reduction.None }));
        Assert.Throws<ArgumentException>(() => new OnlineLabelSmoothingCallback(new() { Classes = 3, Reduction = nn.Reduction.None }));
        Assert.Throws<ArgumentException>(() => new ConfidencePenaltyCallback(new() { Reduction = nn.Reduction.None }));
        Assert.Throws<ArgumentException>(() => new HierarchicalCostCallback(Costs, new() { Reduction = nn.Reduction.None }));
    }

    [Fact]
    public void FeatureContraction_AfterTheFit_HasLetGoOfTheModel()
    {
        using var problem = new Problem();
        using var callback = new FeatureContractionCallback(new() { Layers = ["first"] });
        using (var trainer = new Trainer(problem.Objective, problem.Optimizer, [callback]))
        {
            trainer.Fit(problem.Source, "1ep");
        }

        var before = ProcessWide.LiveTensors();
        using (problem.Model.call(problem.Inputs))
        {
            Assert.True(ProcessWide.LiveTensors() - before <= 1, "features were kept");
        }
    }

    [Fact]
    public void Terms_AreLoggedByName()
    {
        using var problem = new Problem();
        using var contraction = new FeatureContractionCallback(new() { Layers = ["first"] });
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new LabelSmoothingCallback(), new ConfidencePenaltyCallback(), contraction]);
        IReadOnlyCollection<string> seen = [];
        trainer.Fit(problem.Source, "1ep");
        seen = [.. trainer.History.SelectMany(epoch => epoch.Metrics.Keys)];

        Assert.Superset(new HashSet<string> { "loss/label-smoothing", "loss/confidence-penalty", "loss/feature-contraction" }, seen.ToHashSet());
    }

    private static void AssertEqualsLoop(Func<Callback> callback, Func<Problem, int, Func<Tensor, Tensor, Tensor>> loss)
    {
        using var trained = new Problem(seed: 4);
        using (var trainer = new Trainer(trained.Objective, trained.Optimizer, [callback()]))
        {
            trainer.Fit(trained.Source, $"{Epochs}ep");
        }

        using Problem expected = new(seed: 4), plain = new(seed: 4);
        Loop(expected, loss);
        Loop(plain, (_, _) => (output, target) => nn.functional.cross_entropy(output, target));
        var (wanted, found, without) = (Weights(expected), Weights(trained), Weights(plain));
        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i], found[i], 1e-6);
        }

        Assert.True(wanted.Zip(without).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-4), "the trick changed nothing");
    }

    private static void Loop(Problem problem, Func<Problem, int, Func<Tensor, Tensor, Tensor>> loss)
    {
        var step = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var batch in problem.Source.Epoch(epoch))
            {
                using (batch)
                {
                    using var scope = NewDisposeScope();
                    var compute = loss(problem, step++);
                    problem.Optimizer.zero_grad();
                    compute(problem.Model.call(batch.Input), batch.Target!).backward();
                    problem.Optimizer.step();
                }
            }
        }
    }

    private static float[] Gradients(string kind, int? size)
    {
        using var problem = new Problem(seed: 2, batchSize: 38);
        using var weight = tensor(ClassWeights);
        const nn.Reduction sum = nn.Reduction.Sum;
        Callback callback = kind switch
        {
            "smoothing" => new LabelSmoothingCallback(new() { Weight = weight }),
            "smoothing, summed" => new LabelSmoothingCallback(new() { Weight = weight, Reduction = sum }),
            "online" => new OnlineLabelSmoothingCallback(new() { Classes = 3, Weight = weight }),
            "penalty" => new ConfidencePenaltyCallback(new() { Threshold = 1 }),
            "penalty, summed" => new ConfidencePenaltyCallback(new() { Reduction = sum }),
            "cost" => new HierarchicalCostCallback(Costs),
            _ => new FeatureContractionCallback(new() { Layers = ["first", "second"] }),
        };
        float[] gradients = [];
        var events = new OnEvents
        {
            // Four fifths of the first half are ignored, and nothing of the second.
            OnBatchStart = step => step.BatchTarget = step.BatchTarget!.where(
                (arange(38).remainder(5) == 0).logical_or(arange(38) >= 19), full_like(step.BatchTarget!, -100)),
            OnTransformGradients = _ => gradients = problem.Gradients(),
        };
        using var trainer = new Trainer(Objective.Of(problem.Model, _ => { }), problem.Optimizer, [events, callback], new() { MicroBatchSize = size });
        trainer.Fit(problem.Source, "1st");
        (callback as IDisposable)?.Dispose();
        Assert.NotEmpty(gradients);
        return gradients;
    }

    private static float[] Weights(Problem problem) =>
        [.. problem.Model.parameters().SelectMany(parameter => parameter.detach().contiguous().data<float>().ToArray())];
}
