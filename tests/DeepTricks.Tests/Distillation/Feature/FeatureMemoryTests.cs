using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>No loss of features and no connector leaves tensors behind, or takes the caller's away.</summary>
[Collection(ProcessWide.Name)]
public sealed class FeatureMemoryTests
{
    [Fact]
    public void Loss_StepsOfTraining_LeaveNoTensors()
    {
        foreach (var (name, loss) in FeatureLosses.All)
        {
            foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16])
            {
                using var scope = NewDisposeScope();
                var (student, teacher) = FeatureLosses.Inputs(dtype, 3, 6, 4, 4);
                AssertFlat($"{name} in {dtype}", () => loss(student, teacher), student);
                Assert.True(!teacher.IsInvalid);
            }
        }
    }

    [Fact]
    public void Module_StepsOfTraining_LeaveNoTensors()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var margin = new OverhaulLoss(zeros(6));
        using var information = new VariationalInformationLoss(6, 6);
        using var attentive = new AttentiveFeatureLoss(6);
        using var masked = new MaskedGenerationLoss(6, 6, generator);
        using var reused = new ReusedClassifierLoss([3, 6, 4, 4], [3, 6, 4, 4]);
        using var review = new KnowledgeReviewLoss([[3, 6, 4, 4], [3, 6, 4, 4]], [[3, 6, 4, 4], [3, 6, 4, 4]]);
        using var paraphraser = new Paraphraser(6);
        using var projection = Connector.Between([3, 6, 4, 4], [3, 6, 8, 8]);
        using var tokens = Connector.Between([3, 6, 4, 4], [3, 5, 6], ConnectorOptions.Projection with { LeadingTokens = 1 });
        using var regressor = Connector.Between([3, 6, 4, 4], [3, 6, 8, 8], ConnectorOptions.FitNets);
        var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float32, 3, 6, 4, 4);

        AssertFlat("overhaul", () => margin.call(student, teacher), student);
        AssertFlat("margin", () => OverhaulLoss.BatchMargin(student));
        AssertFlat("information", () => information.call(student, teacher), student);
        AssertFlat("variance", () => information.Variance);
        AssertFlat("attentive", () => attentive.call(student, teacher), student);
        AssertFlat("masked", () => masked.call(student, teacher), student);
        AssertFlat("reused", () => reused.call(student, teacher), student);
        AssertFlat("review", () => review.call([student, student], [teacher, teacher]), student);
        AssertFlat("paraphraser", () => paraphraser.ReconstructionLoss(teacher));
        AssertFlat("projection", () => projection.call(student), student);
        AssertFlat("tokens", () => tokens.call(student), student);
        AssertFlat("regressor", () => regressor.call(student), student);
    }

    [Fact]
    public void Gradients_StepsOfTraining_LeaveNoTensors()
    {
        using var scope = NewDisposeScope();
        using var body = nn.Conv2d(2, 3, 3);
        using var head = nn.Linear(3, 4);
        var input = Golden.Tensor("input", [5, 2, 6, 6]).requires_grad_();
        var labels = Golden.Integers("labels", 4, 5);

        AssertFlat("scores", () => Run((_, logits) => InputGradient.OfScore(logits, input, labels, differentiable: true)), input);
        AssertFlat("activation", () => Run((features, logits) => ClassActivationMap.Of(logits, features, labels, differentiable: true)), input);

        Tensor Run(Func<Tensor, Tensor, Tensor> measure)
        {
            using var inner = NewDisposeScope();
            var features = body.call(input);
            return measure(features, head.call(features.square().mean([2, 3]))).MoveToOuterDisposeScope();
        }
    }

    private static void AssertFlat(string name, Func<Tensor> compute, Tensor? student = null)
    {
        Step();
        var before = ProcessWide.LiveTensors();
        for (var step = 0; step < 3; step++)
        {
            Step();
        }

        Assert.True(ProcessWide.LiveTensors() == before, $"{name} leaves {Tensor.TotalCount - before} tensors.");

        void Step()
        {
            using var value = compute();
            // A value that nobody differentiates.
            compute().Dispose();
            if (student is null)
            {
                return;
            }

            using var sum = value.sum();
            using (NewDisposeScope())
            {
                // TorchSharp hands the tensors of a function's backward to the scope around.
                sum.backward();
            }

            student.grad!.Dispose();
            student.grad = null;
        }
    }
}
