using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

public class GradientPipelineTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(23)]
    public void MicroBatches_AnySplit_GiveTheGradientOfTheWholeBatch(int microBatchSize)
    {
        var whole = GradientOf(38, null);
        var split = GradientOf(38, microBatchSize);

        for (var i = 0; i < whole.Length; i++)
            Assert.Equal(whole[i], split[i], 1e-6);
    }

    [Fact]
    public void MicroBatches_AMeanOverCountedItems_IsExactWithItsTotal()
    {
        // Every third target is to be ignored, which spreads the others unevenly.
        static void Loss(StepContext step)
        {
            var (mask, all) = (step.Target.not_equal(0), step.BatchTarget!.not_equal(0));
            var value = (nn.functional.cross_entropy(step.Output, step.Target, reduction: nn.Reduction.None) * mask).sum() / mask.sum();
            step.Terms.Add(new("masked", value, Count: mask.sum().item<long>(), Total: all.sum().item<long>()));
        }

        var whole = GradientOf(38, null, Loss);
        var split = GradientOf(38, 9, Loss);

        for (var i = 0; i < whole.Length; i++)
            Assert.Equal(whole[i], split[i], 1e-6);
    }

    [Fact]
    public void Recompute_InASharpnessAwareStepWithMicroBatchesAndClipping_EqualsTheLoopByHand()
    {
        const double radius = 0.05;
        const int size = 5;
        using var problem = new Problem(seed: 4);
        using (var trainer = new Trainer(problem.Objective, problem.Optimizer, [new SharpnessAware(radius), GradientClipping.ByNorm(0.5)],
            new() { MicroBatchSize = size }))
            trainer.Fit(problem.Source, "2ep");

        using var expected = new Problem(seed: 4);
        for (var epoch = 0; epoch < 2; epoch++)
            foreach (var batch in expected.Source.Epoch(epoch))
                using (batch)
                {
                    using var scope = NewDisposeScope();
                    Gradients(expected, batch.Input, batch.Target!, size);
                    var moved = SharpnessAware.Climb(expected.Model.parameters().ToArray(), radius);
                    Gradients(expected, batch.Input, batch.Target!, size);
                    SharpnessAware.Return(moved);
                    using (no_grad())
                    {
                        var gradients = expected.Model.parameters().Select(parameter => parameter.grad!).ToArray();
                        var norm = stack(gradients.Select(gradient => gradient.norm())).norm();
                        var factor = (0.5 / (norm + 1e-6)).clamp(max: 1);
                        foreach (var gradient in gradients)
                            gradient.mul_(factor);
                    }
                    expected.Optimizer.step();
                }

        Assert.Equal(expected.Weights(), problem.Weights());
    }

    [Fact]
    public void Recompute_KeepingGradients_AddsToThem()
    {
        using var problem = new Problem();
        float[] once = [], twice = [];
        using var trainer = new Trainer(problem.Objective, problem.Optimizer,
        [
            new OnEvents
            {
                OnTransformGradients = step =>
                {
                    once = problem.Gradients();
                    step.Recompute(keepGradients: true);
                    twice = problem.Gradients();
                },
            },
        ]);

        trainer.Fit(problem.Source, "1st");

        for (var i = 0; i < once.Length; i++)
            Assert.Equal(2 * once[i], twice[i], 1e-6);
    }

    [Fact]
    public void Recompute_BeforeTheGradientsAreComplete_Throws()
    {
        using var problem = new Problem();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new OnEvents { OnAfterLoss = step => step.Recompute() }]);

        Assert.Throws<InvalidOperationException>(() => trainer.Fit(problem.Source, "1st"));
    }

    [Fact]
    public void SkipStep_LeavesTheWeights()
    {
        using var problem = new Problem();
        var before = problem.Weights();
        using var trainer = new Trainer(problem.Objective, problem.Optimizer, [new OnEvents { OnTransformGradients = step => step.SkipStep() }]);

        trainer.Fit(problem.Source, "2st");

        Assert.Equal(before, problem.Weights());
    }

    [Fact]
    public void GradientClipping_ByNorm_BoundsTheNormOfAllTogether()
    {
        var gradient = GradientOf(38, null, clipping: GradientClipping.ByNorm(0.01));

        Assert.Equal(0.01, Math.Sqrt(gradient.Sum(value => (double)value * value)), 1e-5);
    }

    [Fact]
    public void GradientClipping_ByValue_BoundsEachElement()
    {
        var free = GradientOf(38, null);
        var bound = free.Max(Math.Abs) / 2;
        var gradient = GradientOf(38, null, clipping: GradientClipping.ByValue(bound));

        Assert.Equal(free.Select(value => Math.Clamp(value, -bound, bound)), gradient);
    }

    private static float[] GradientOf(int batchSize, int? microBatchSize, Action<StepContext>? loss = null, Callback? clipping = null)
    {
        float[] gradient = [];
        using var problem = new Problem(batchSize: batchSize);
        var objective = loss is null ? problem.Objective : Objective.Of(problem.Model, loss);
        var read = new OnEvents { OnBeforeStep = _ => gradient = problem.Gradients() };
        using var trainer = new Trainer(objective, problem.Optimizer, clipping is null ? [read] : [clipping, read], new() { MicroBatchSize = microBatchSize });
        trainer.Fit(problem.Source, "1st");
        return gradient;
    }

    private static void Gradients(Problem problem, Tensor input, Tensor target, int size)
    {
        foreach (var parameter in problem.Model.parameters())
            parameter.grad = null;
        var rows = input.shape[0];
        for (var start = 0L; start < rows; start += size)
        {
            var part = Math.Min(size, rows - start);
            var loss = nn.functional.cross_entropy(problem.Model.call(input.narrow(0, start, part)), target.narrow(0, start, part));
            if (part != rows)
                loss = loss * (part / (double)rows);
            loss.backward();
        }
    }

    /// <summary>Sharpness-aware minimisation in its shortest form: the gradient at the worst point near by.</summary>
    private sealed class SharpnessAware(double radius) : Callback
    {
        public override void TransformGradients(StepContext step)
        {
            var moved = Climb([.. step.Model.parameters()], radius);
            step.Recompute();
            Return(moved);
        }

        internal static (Tensor Parameter, Tensor Way)[] Climb(TorchSharp.Modules.Parameter[] parameters, double radius)
        {
            using var ungraded = no_grad();
            var norm = stack(parameters.Select(parameter => parameter.grad!.norm())).norm();
            var moved = parameters.Select(parameter => ((Tensor)parameter, parameter.grad! * (radius / norm))).ToArray();
            foreach (var (parameter, way) in moved)
                parameter.add_(way);
            return moved;
        }

        internal static void Return((Tensor Parameter, Tensor Way)[] moved)
        {
            using var ungraded = no_grad();
            foreach (var (parameter, way) in moved)
                parameter.sub_(way);
        }
    }
}
