using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Every loss of responses equals the code its preset is named after, value and gradient.</summary>
public sealed class ResponseFixtureTests
{
    private static readonly GoldenFile File = GoldenFile.Read("distillation/response.json");

    /// <summary>The losses by the names of the file, "kind/whose" or "kind/whose/temperature".</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor>> Losses = new()
    {
        ["kd/RepDistiller/4"] = Divergence(KnowledgeDistillationLossOptions.RepDistiller),
        ["kd/RepDistiller/0.5"] = Divergence(KnowledgeDistillationLossOptions.RepDistiller with { Temperature = 0.5 }),
        ["kd/RepDistiller/20"] = Divergence(KnowledgeDistillationLossOptions.Hinton),
        ["kd/mdistiller/4"] = Divergence(new() { Reduction = DistillationReduction.PositionMean }),
        ["kd/mmrazor/1"] = Divergence(new() { Temperature = 1 }),
        ["kd/torchdistill/4"] = Divergence(new()),
        ["kd/TeacherAssistant/4"] = Divergence(KnowledgeDistillationLossOptions.TeacherAssistant),
        ["kd/TeacherFree/20"] = Divergence(KnowledgeDistillationLossOptions.TeacherFree),
        ["kd/KdLib/20"] = Divergence(KnowledgeDistillationLossOptions.KdLib),
        ["kd/BoundarySupporting/3"] = Divergence(KnowledgeDistillationLossOptions.BoundarySupporting),
        ["logits/zoo"] = (student, teacher, _) => new LogitMatchingLoss().call(student, teacher),
        ["dkd/Official"] = new DecoupledDistillationLoss().call,
        ["dkd/Mmrazor"] = new DecoupledDistillationLoss(DecoupledDistillationLossOptions.Mmrazor).call,
        ["dkd/other"] = new DecoupledDistillationLoss(new() { TargetWeight = 0.7, OtherWeight = 2, Temperature = 2 }).call,
        ["dist/mmrazor"] = (student, teacher, _) => new DistLoss().call(student, teacher),
        ["dist/mmrazor-other"] = (student, teacher, _) => DistLoss.Compute(student, teacher, new() { InterWeight = 2, IntraWeight = 0.5, Temperature = 4 }),
        ["dist/torchdistill"] = (student, teacher, _) => DistLoss.Compute(student, teacher, DistLossOptions.Torchdistill),
        ["wsld/1"] = new WeightedSoftLabelLoss().call,
        ["wsld/2"] = new WeightedSoftLabelLoss(new() { Temperature = 2 }).call,
        ["standardized/2"] = (student, teacher, _) => new StandardizedDistillationLoss().call(student, teacher),
        ["standardized/unscaled"] = (student, teacher, _) =>
            StandardizedDistillationLoss.Compute(student, teacher, new() { Divergence = new() { Temperature = 2, SquaredTemperature = false } }),
        ["shift/KdLib"] = new KnowledgeAdjustmentLoss(KnowledgeAdjustmentLossOptions.KdLib).call,
        ["smooth/KdLib"] = new KnowledgeAdjustmentLoss(KnowledgeAdjustmentLossOptions.KdLib with { Method = AdjustmentMethod.Smooth }).call,
        ["shift/paper"] = new KnowledgeAdjustmentLoss().call,
        ["smooth/paper"] = new KnowledgeAdjustmentLoss(new() { Method = AdjustmentMethod.Smooth }).call,
        ["tf-reg/Official"] = (student, _, labels) => new TeacherFreeLoss().call(student, labels),
        ["tf-reg/KdLib"] = (student, _, labels) => new TeacherFreeLoss(TeacherFreeLossOptions.KdLib).call(student, labels),
    };

    public static TheoryData<string> Names => [.. File.Cases.Where(one => one.Has("rows")).Select(one => one.Text("loss")).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_CasesOfTheOriginal_EqualsItWithTheGradient(string name)
    {
        foreach (var one in File.Cases.Where(one => one.Text("loss") == name))
        {
            using var scope = NewDisposeScope();
            var (inputs, shape) = (one.Text("inputs"), new[] { one.Integer("rows"), one.Integer("classes") });
            var dtype = one.Text("dtype") == "float64" ? ScalarType.Float64 : ScalarType.Float32;
            var student = Golden.Tensor($"{inputs}.student", shape, one.Number("scale"), dtype: dtype).requires_grad_();
            var teacher = Golden.Tensor($"{inputs}.teacher", shape, one.Number("scale"), dtype: dtype).requires_grad_();

            var loss = Losses[name](student, teacher, Golden.Integers($"{inputs}.labels", shape[1], shape[0]));

            AssertEqual(one, loss, student, dtype, name);
            Assert.Null(teacher.grad);
        }
    }

    [Fact]
    public void WeightedClasses_FormulaOfThePaper_Equals() => AssertDetection("classes", ScalarType.Float64, (one, dtype) =>
    {
        long[] shape = [one.Integer("boxes"), one.Integer("classes")];
        var student = Golden.Tensor("boxes.student", shape, 3, dtype: dtype).requires_grad_();
        return (student, new WeightedClassLoss().call(student, Golden.Tensor("boxes.teacher", shape, 3, dtype: dtype)));
    });

    [Fact]
    public void BoundedRegression_FormulaOfThePaper_Equals() => AssertDetection("offsets", ScalarType.Float64, (one, dtype) =>
    {
        long[] shape = [one.Integer("boxes"), 4];
        var student = Golden.Tensor("offsets.student", shape, dtype: dtype).requires_grad_();
        var (teacher, truth) = (Golden.Tensor("offsets.teacher", shape, dtype: dtype), Golden.Tensor("offsets.targets", shape, dtype: dtype));
        return (student, new BoundedRegressionLoss(new() { Margin = one.Number("margin") }).call(student, teacher, truth));
    });

    [Fact]
    public void HeatMaps_LossOfEachMap_EqualsTheirMean() => AssertDetection("maps", ScalarType.Float64, (one, dtype) =>
    {
        var student = Golden.Tensor("maps.student", [2, 3, 5, 4], 3, dtype: dtype).requires_grad_();
        var loss = new HeatMapDistillationLoss(new() { Distribution = one.Flag("distribution"), Temperature = 2 });
        return (student, loss.call(student, Golden.Tensor("maps.teacher", [2, 3, 5, 4], 3, dtype: dtype)));
    });

    private static void AssertDetection(string kind, ScalarType dtype, Func<GoldenCase, ScalarType, (Tensor Student, Tensor Loss)> compute)
    {
        var cases = File.Cases.Where(one => one.Text("loss") == kind).ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            using var scope = NewDisposeScope();
            var (student, loss) = compute(one, dtype);
            AssertEqual(one, loss, student, dtype, kind);
        }
    }

    private static void AssertEqual(GoldenCase one, Tensor loss, Tensor student, ScalarType dtype, string name)
    {
        // What divides by a deviation of nothing has rounding errors of a size; single precision has them anyway.
        double? relative = dtype == ScalarType.Float32 ? 3e-5 : name.StartsWith("dist/") ? 1e-6 : null;
        double? absolute = dtype == ScalarType.Float32 ? 1e-5 : name.StartsWith("dist/") ? 1e-7 : null;
        one.AssertEqual("out", loss, relative, absolute);
        one.AssertEqual("gradient", autograd.grad([loss], [student])[0], relative, absolute);
    }

    private static Func<Tensor, Tensor, Tensor, Tensor> Divergence(KnowledgeDistillationLossOptions options) =>
        (student, teacher, _) => new KnowledgeDistillationLoss(options).call(student, teacher);
}
