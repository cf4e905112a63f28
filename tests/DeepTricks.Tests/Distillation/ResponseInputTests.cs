using DeepTricks.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Arguments that do not fit: a message that says so, and no tensor left behind. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class ResponseInputTests
{
    public static TheoryData<string> Pairs => [.. OfPairs.Keys];

    public static TheoryData<string> Labelled => [.. OfLabels.Keys];

    private static Dictionary<string, Func<Tensor, Tensor, Tensor>> OfPairs { get; } = new()
    {
        ["kd"] = (student, teacher) => KnowledgeDistillationLoss.Compute(student, teacher),
        ["kd, squares"] = (student, teacher) => KnowledgeDistillationLoss.Compute(student, teacher, KnowledgeDistillationLossOptions.KdLib),
        ["kd, probabilities"] = (student, teacher) => KnowledgeDistillationLoss.ComputeTowards(student, teacher),
        ["logits"] = LogitMatchingLoss.Compute,
        ["dist"] = (student, teacher) => DistLoss.Compute(student, teacher),
        ["standardized"] = (student, teacher) => StandardizedDistillationLoss.Compute(student, teacher),
        ["classes"] = (student, teacher) => WeightedClassLoss.Compute(student, teacher),
    };

    private static Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor>> OfLabels { get; } = new()
    {
        ["dkd"] = (student, teacher, labels) => DecoupledDistillationLoss.Compute(student, teacher, labels),
        ["wsld"] = (student, teacher, labels) => WeightedSoftLabelLoss.Compute(student, teacher, labels),
        ["shift"] = (student, teacher, labels) => KnowledgeAdjustmentLoss.Compute(student, teacher, labels),
        ["smooth"] = (student, teacher, labels) => KnowledgeAdjustmentLoss.Compute(student, teacher, labels, new() { Method = AdjustmentMethod.Smooth }),
        ["tf-reg"] = (student, _, labels) => TeacherFreeLoss.Compute(student, labels),
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Compute_PairsThatDoNotFit_NamesTheParameterAndLeaksNothing(string name)
    {
        using var scope = NewDisposeScope();
        var (loss, student) = (OfPairs[name], zeros(3, 4).requires_grad_());
        var wrong = new (Tensor Student, Tensor Teacher, string Parameter)[]
        {
            (student, zeros(3, 5), "teacher"), (student, zeros(3, 4, ScalarType.Float64), "teacher"), (student, zeros(3, 4, device: META), "teacher"),
            (zeros(3, 4, ScalarType.Int64), zeros(3, 4, ScalarType.Int64), "student"),
        };
        var before = ProcessWide.LiveTensors();
        foreach (var (one, teacher, parameter) in wrong)
        {
            var exception = Assert.ThrowsAny<ArgumentException>(() => loss(one, teacher));
            Assert.Equal(name == "kd, probabilities" && parameter == "teacher" ? "probabilities" : parameter, exception.ParamName);
        }

        if (name != "logits")
        {
            using Tensor flat = zeros(4), other = zeros(4);
            Assert.Equal("student", Assert.ThrowsAny<ArgumentException>(() => loss(flat, other)).ParamName);
        }

        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Theory]
    [MemberData(nameof(Labelled))]
    public void Compute_LabelsThatDoNotFit_NamesTheParameterAndLeaksNothing(string name)
    {
        using var scope = NewDisposeScope();
        var (loss, student, teacher) = (OfLabels[name], zeros(3, 4).requires_grad_(), zeros(3, 4));
        Tensor[] wrong = [zeros(3), zeros(2, ScalarType.Int64), tensor(new long[] { 0, 1, 4 }), tensor(new long[] { 0, -1, 2 }), zeros([3], ScalarType.Int64, META)];
        var before = ProcessWide.LiveTensors();
        foreach (var labels in wrong)
        {
            Assert.Equal("labels", Assert.ThrowsAny<ArgumentException>(() => loss(student, teacher, labels)).ParamName);
        }

        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Compute_OverManySteps_KeepsTheNumberOfTensorsAndTheInputs(ScalarType dtype)
    {
        using var generator = new Generator(1);
        using var student = zeros(6, 5, dtype).requires_grad_();
        using var teacher = arange(30, dtype).reshape(6, 5).div_(10).requires_grad_();
        using var labels = tensor(new long[] { 0, 1, 2, 3, 4, 0 });
        using var kept = teacher.detach().clone();
        void Step()
        {
            using var scope = NewDisposeScope();
            student.grad = null;
            foreach (var loss in OfPairs.Where(loss => loss.Key != "kd, probabilities").Select(one => one.Value))
            {
                loss(student, teacher).backward();
            }

            foreach (var loss in OfLabels.Values)
            {
                loss(student, teacher, labels).backward();
            }

            KnowledgeDistillationLoss.ComputeTowards(student, TeacherNoise.Apply(teacher, generator).softmax(1)).backward();
            BoundedRegressionLoss.Compute(student, teacher, kept).backward();
        }

        ProcessWide.AssertFlat(Step);
        Assert.True(teacher.eq(kept).all().item<bool>());
        Assert.Null(teacher.grad);
    }

    [Fact]
    public void Options_ValuesOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnowledgeDistillationLossOptions { Temperature = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnowledgeDistillationLossOptions { Temperature = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnowledgeDistillationLossOptions { Reduction = (DistillationReduction)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecoupledDistillationLossOptions { OtherWeight = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistLossOptions { Temperature = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TeacherNoiseOptions { Probability = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedClassLossOptions { Background = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoundedRegressionLossOptions { Margin = -0.1 });
    }
}
