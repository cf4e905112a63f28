using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The kernel in single precision against the tensor operations, which compute the same; those by finite differences; and where logits are no numbers.</summary>
public sealed class ResponseTwinTests
{
    public static TheoryData<string> Names => [.. Kinds.Keys];

    /// <summary>What the kernel can be asked for.</summary>
    private static Dictionary<string, Func<Tensor, SoftLogitLoss>> Kinds { get; } = new()
    {
        ["sum"] = _ => new(4, 4, 0.3),
        ["rows"] = _ => new(2, 5, 1.5, PerRow: true),
        ["cross-entropy"] = _ => new(0.7, 1, 2, CrossEntropy: true),
        ["parts"] = labels => new(3, 3, 0.1) { Labels = labels, TargetWeight = 0.6, OtherWeight = 7 },
        ["parts-rows"] = labels => new(1, 1, 1, PerRow: true) { Labels = labels, TargetWeight = 2, OtherWeight = 1 },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_SinglePrecision_EqualsTheTensorOperationsWithBothGradients(string kind)
    {
        foreach (var (rows, classes) in ((long, long)[])[(1, 2), (3, 7), (5, 8), (4, 31), (2, 1000), (300, 130)])
        {
            using var scope = NewDisposeScope();
            var labels = Golden.Integers("twin.labels", classes, rows);
            var loss = Kinds[kind](labels);
            var (single, exact) = (Inputs(rows, classes, ScalarType.Float32), Inputs(rows, classes, ScalarType.Float64));
            Tensor value = loss.Of(single.Student, single.Teacher), expected = loss.Of(exact.Student, exact.Teacher);

            AssertClose(expected, value, 1e-4);
            AssertClose(Gradient(expected, exact.Student), Gradient(value, single.Student), 1e-4);
            AssertClose(Second(loss, exact), Second(loss, single), 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_DoublePrecision_HasTheGradientOfFiniteDifferences(string kind)
    {
        const double h = 1e-6;
        using var scope = NewDisposeScope();
        var (student, teacher) = Inputs(3, 7, ScalarType.Float64);
        var loss = Kinds[kind](Golden.Integers("twin.labels", 7, 3));
        var gradient = Gradient(loss.Of(student, teacher), student).reshape(-1).data<double>().ToArray();
        using var ungraded = no_grad();
        for (var i = 0; i < gradient.Length; i++)
        {
            Assert.Equal((At(i, h) - At(i, -h)) / (2 * h), gradient[i], 1e-6);
        }

        double At(int i, double change)
        {
            var moved = student.detach().clone();
            moved.view(-1)[i] += change;
            var value = loss.Of(moved, teacher);
            return (value * Golden.Tensor("cotangent0", value.shape, dtype: ScalarType.Float64)).sum().item<double>();
        }
    }

    [Fact]
    public void Loss_OfMaps_EqualsTheLossOfTheirPositions()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Golden.Tensor("map.s", [2, 5, 3, 4], 3).requires_grad_(), Golden.Tensor("map.t", [2, 5, 3, 4], 3));
        var labels = Golden.Integers("map.l", 5, 2, 3, 4);
        Tensor Flat(Tensor map) => map.permute(0, 2, 3, 1).reshape(24, 5);

        AssertClose(KnowledgeDistillationLoss.Compute(Flat(student), Flat(teacher)) * 12, KnowledgeDistillationLoss.Compute(student, teacher), 1e-5);
        AssertClose(DecoupledDistillationLoss.Compute(Flat(student), Flat(teacher), labels.flatten()),
            DecoupledDistillationLoss.Compute(student, teacher, labels), 1e-5);
        var each = KnowledgeDistillationLoss.Compute(student, teacher, new() { Reduction = DistillationReduction.None });
        Assert.Equal([2, 3, 4], each.shape);
        AssertClose(KnowledgeDistillationLoss.Compute(student, teacher, new() { Reduction = DistillationReduction.Sum }), each.sum(), 1e-5);
        AssertClose(KnowledgeDistillationLoss.Compute(student, teacher, new() { Reduction = DistillationReduction.PositionMean }), each.mean(), 1e-5);
        var squares = KnowledgeDistillationLoss.Compute(student, teacher, KnowledgeDistillationLossOptions.KdLib with { Reduction = DistillationReduction.None });
        AssertClose(KnowledgeDistillationLoss.Compute(student, teacher, KnowledgeDistillationLossOptions.KdLib), squares.mean() / 5, 1e-5);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Loss_ClassesOfNoProbability_CountForNothing(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var student = tensor(new[,] { { 1.0, 2, double.NegativeInfinity }, { 0.5, 1, 3 } }).to(dtype).requires_grad_();
        var teacher = tensor(new[,] { { 2.0, 1, double.NegativeInfinity }, { double.NegativeInfinity, 1, 2 } }).to(dtype);
        var loss = KnowledgeDistillationLoss.Compute(student, teacher, new() { Temperature = 1 });

        // By hand: KL((0.731, 0.269) || (0.269, 0.731)) = 0.4621; KL((0, 0.269, 0.731) || softmax(0.5, 1, 3)) = 0.1326.
        double p = 1 / (1 + Math.Exp(-1)), logSum = Math.Log(Math.Exp(0.5) + Math.Exp(1) + Math.Exp(3));
        var second = ((1 - p) * (Math.Log(1 - p) - 1 + logSum)) + (p * (Math.Log(p) - 3 + logSum));
        Assert.Equal(((2 * p) - 1 + second) / 2, loss.to(ScalarType.Float64).item<double>(), 1e-6);
        var gradient = Gradient(loss, student);
        Assert.True(gradient.isfinite().all().item<bool>());
        Assert.Equal(0, gradient.to(ScalarType.Float64)[0, 2].item<double>());
    }

    [Fact]
    public void Loss_LogitsOfAnotherLayout_IsThatOfACopy()
    {
        using var scope = NewDisposeScope();
        Tensor wide = Golden.Tensor("wide", [30, 5], 3).requires_grad_(), teacher = Golden.Tensor("teacher", [30, 5], 3).t();
        var (strided, copy) = (KnowledgeDistillationLoss.Compute(wide.t(), teacher), KnowledgeDistillationLoss.Compute(wide.t().contiguous(), teacher.contiguous()));

        Assert.Equal(copy.item<float>(), strided.item<float>());
        AssertClose(Gradient(copy, wide), Gradient(strided, wide), 1e-6);
    }

    [Fact]
    public void Loss_OfNoSample_IsAsAMeanOfNothing()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (zeros(0, 4).requires_grad_(), zeros(0, 4));

        Assert.True(KnowledgeDistillationLoss.Compute(student, teacher).isnan().item<bool>());
        Assert.Equal(0, KnowledgeDistillationLoss.Compute(student, teacher, new() { Reduction = DistillationReduction.Sum }).item<float>());
        Assert.Equal([0], KnowledgeDistillationLoss.Compute(student, teacher, new() { Reduction = DistillationReduction.None }).shape);
        Assert.Equal(0, WeightedClassLoss.Compute(student, teacher).item<float>());
        Assert.Equal(0, BoundedRegressionLoss.Compute(student, teacher, teacher).item<float>());
    }

    [Fact]
    public void Loss_NotANumber_ComesOut()
    {
        using var scope = NewDisposeScope();
        var student = zeros(2, 12).requires_grad_();
        var teacher = zeros(2, 12);
        teacher[1, 10] = float.NaN;

        Assert.True(KnowledgeDistillationLoss.Compute(student, teacher).isnan().item<bool>());
        Assert.True(KnowledgeDistillationLoss.Compute(teacher, student).isnan().item<bool>());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void Decoupled_LabelSureOrImpossible_StaysFinite(double logit)
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            var student = tensor(new[,] { { logit, 0, 1 } }).to(dtype).requires_grad_();
            var teacher = tensor(new[,] { { -logit, 1, 2 } }).to(dtype);
            var loss = DecoupledDistillationLoss.Compute(student, teacher, tensor(new long[] { 0 }), new() { Temperature = 1, OtherWeight = 0 });

            // All the teacher's mass is where the student's has the logarithm -200, but for the logarithm of what the others sum to.
            Assert.InRange(loss.to(ScalarType.Float64).item<double>(), 198, 202);
            Assert.Equal(Math.Sign(logit), autograd.grad([loss], [student])[0].to(ScalarType.Float64)[0, 0].item<double>(), 1e-6);
        }
    }

    [Fact]
    public void Loss_HalfPrecision_IsThatOfSingleRounded()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = Inputs(5, 30, ScalarType.BFloat16);
        var loss = KnowledgeDistillationLoss.Compute(student, teacher);

        Assert.Equal(ScalarType.BFloat16, loss.dtype);
        var expected = KnowledgeDistillationLoss.Compute(student.to(ScalarType.Float32), teacher.to(ScalarType.Float32)).item<float>();
        Assert.Equal(expected, loss.to(ScalarType.Float32).item<float>(), expected * 0.005f);
        Assert.Equal(ScalarType.BFloat16, Gradient(loss, student).dtype);
    }

    [Fact]
    public void WarmUp_EpochsOfTheAuthors_RisesToTheWeight()
    {
        var schedule = DecoupledDistillationLoss.WarmUp(weight: 2);

        Assert.Equal(0.1, schedule.At(new(0, 10, 1000)), 12);
        Assert.Equal(0.1, schedule.At(new(9, 10, 1000)), 12);
        Assert.Equal(0.2, schedule.At(new(10, 10, 1000)), 12);
        Assert.Equal(2, schedule.At(new(190, 10, 1000)), 12);
        Assert.Equal(2, schedule.At(new(900, 10, 1000)), 12);
    }

    private static (Tensor Student, Tensor Teacher) Inputs(long rows, long classes, ScalarType dtype) =>
        (Golden.Tensor("twin.student", [rows, classes], 4, dtype: dtype).requires_grad_(), Golden.Tensor("twin.teacher", [rows, classes], 5, dtype: dtype));

    private static Tensor Gradient(Tensor value, Tensor student) => Golden.Gradients(value, student)[0]!;

    private static Tensor Second(SoftLogitLoss loss, (Tensor Student, Tensor Teacher) inputs)
    {
        var first = autograd.grad([loss.Of(inputs.Student, inputs.Teacher).sum()], [inputs.Student], retain_graph: true, create_graph: true)[0];
        return autograd.grad([first.square().sum()], [inputs.Student])[0];
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var scale = Math.Max(expected.abs().max().to(ScalarType.Float64).item<double>(), 1e-6);
        var difference = (expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(difference <= tolerance * scale, $"off by {difference} where values go up to {scale}");
    }
}
