using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Students that start from their teachers, and one whose teacher sees something else, against PyTorch by hand over five steps.</summary>
public sealed class StudentTests
{
    private const int Rows = 6, Classes = 5, Steps = 5;
    private static readonly GoldenFile File = GoldenFile.Read("distillation/students.json");
    private static readonly KnowledgeDistillationLossOptions Soft = KnowledgeDistillationLossOptions.RepDistiller with { Temperature = 4 };

    [Fact]
    public void Copy_OfFewerChannels_TrainsFromTheWeightsOfTheReference()
    {
        using var scope = NewDisposeScope();
        using var teacher = Chain(6, 8, 7);
        using var student = Chain(4, 5, 3);
        var expected = File["slim.magnitude"];

        var kept = StudentSlimming.Copy(teacher, student);

        Assert.Equal(["conv1", "conv2", "fc1"], kept.Keys.Order());
        Assert.All(kept, one => Assert.Equal(expected["kept"].Integers(one.Key), one.Value));
        Train(expected, student, teacher, [1, 8, 8]);
    }

    [Fact]
    public void Copy_ToAStudentOfTheSameWidths_IsTheTeacher()
    {
        using var scope = NewDisposeScope();
        using var teacher = Chain(6, 8, 7);
        using var student = Chain(6, 8, 7);
        foreach (var entry in student.state_dict().Values)
        {
            entry.detach().zero_();
        }

        StudentSlimming.Copy(teacher, student);

        Assert.True(SmallNetwork.Bits(teacher).AsSpan().SequenceEqual(SmallNetwork.Bits(student)));
    }

    /// <summary>Channels that say nothing can go without a change in what is said, also where a connection goes around a layer.</summary>
    [Theory]
    [InlineData(ChannelImportance.WeightMagnitude)]
    [InlineData(ChannelImportance.NormWeight)]
    public void Copy_WhereADeadChannelGoes_SaysTheSame(ChannelImportance importance)
    {
        using var scope = NewDisposeScope();
        using var teacher = Golden.Fill(new Residual(4, 3));
        using var student = Golden.Fill(new Residual(3, 2));
        using (no_grad())
        {
            foreach (var (name, dead) in ((string, int)[])[("stem", 2), ("stem_bn", 2), ("second", 2), ("second_bn", 2), ("first", 0), ("first_bn", 0)])
            {
                foreach (var (key, entry) in teacher.state_dict().Where(one => one.Key.StartsWith($"{name}.", StringComparison.Ordinal) && one.Value.dim() > 0))
                {
                    entry[dead] = key.EndsWith("running_var", StringComparison.Ordinal) ? 1 : 0;
                }
            }
        }

        ChannelPath[] paths =
        [
            new("stem", null, "stream"), new("stem_bn", "stream", "stream"), new("first", "stream", "inner"), new("first_bn", "inner", "inner"),
            new("second", "inner", "stream"), new("second_bn", "stream", "stream"), new("fc", "stream", null),
        ];
        var kept = StudentSlimming.Copy(teacher, student, paths, importance);

        Assert.Equal([0, 1, 3], kept["stream"]);
        Assert.Equal([1, 2], kept["inner"]);
        teacher.eval();
        student.eval();
        var x = Golden.Tensor("x", [3, 2, 5, 5]);
        Assert.True(student.call(x).allclose(teacher.call(x), 1e-5, 1e-6));
    }

    [Fact]
    public void Copy_OfWhatDoesNotFit_SaysSoAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var teacher = Chain(6, 8, 7);
        using var wider = Chain(7, 8, 7);
        using var other = nn.Sequential(("conv1", nn.Linear(2, 2)));
        var before = SmallNetwork.Bits(wider);

        Assert.Contains("conv1", Assert.Throws<ArgumentException>(() => StudentSlimming.Copy(teacher, wider)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StudentSlimming.Copy(teacher, other));
        Assert.Throws<ArgumentException>(() => ChannelPath.Chain(nn.Sequential(("grouped", nn.Conv2d(4, 4, 3, groups: 2)))));
        Assert.True(before.AsSpan().SequenceEqual(SmallNetwork.Bits(wider)));
    }

    [Fact]
    public void Copy_OfFewerLayers_TrainsFromTheWeightsOfTheReference()
    {
        using var scope = NewDisposeScope();
        using var teacher = Stack(4);
        using var student = Stack(2);

        var left = LayerCopy.Copy(teacher, student, LayerCopy.Evenly("blocks.", 2, 4));

        Assert.Empty(left);
        Train(File["layers"], student, teacher, [7]);
    }

    [Fact]
    public void Copy_OfLayersThatDoNotFit_NamesThem()
    {
        using var scope = NewDisposeScope();
        using var teacher = Stack(4);
        using var student = nn.Sequential(("blocks", nn.Sequential(("0", nn.Linear(3, 3)))), ("head", nn.Linear(7, Classes)));

        Assert.Equal(["blocks.0.weight", "blocks.0.bias"], LayerCopy.Copy(teacher, student));
        Assert.Throws<ArgumentException>(() => LayerCopy.Copy(teacher, student, new Dictionary<string, string> { ["blocks.1"] = "blocks.0" }));
        Assert.Throws<ArgumentException>(() => LayerCopy.Copy(teacher, student, new Dictionary<string, string> { ["blocks.0"] = "blocks.0" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerCopy.Evenly("blocks.", 3, 2));
    }

    [Theory]
    [InlineData(1, 5, new[] { "b0" })]
    [InlineData(2, 6, new[] { "b0", "b5" })]
    [InlineData(3, 12, new[] { "b0", "b6", "b11" })]
    [InlineData(3, 3, new[] { "b0", "b1", "b2" })]
    public void Evenly_TakesTheFirstAndTheLast(int student, int teacher, string[] expected) =>
        Assert.Equal(expected, LayerCopy.Evenly("b", student, teacher).Values);

    [Fact]
    public void PairedModality_FiveSteps_EqualTheReferenceAndLeaveTheTeacher()
    {
        using var scope = NewDisposeScope();
        using var teacher = Body("depth", 4, 6);
        using var student = Body("color", 9, 5);
        using var regressor = Golden.Fill(nn.Sequential(("regressor", nn.Linear(5, 6))).to(ScalarType.Float64));
        var depths = Golden.Tensor("depths", [30, 4], dtype: ScalarType.Float64);
        var untouched = SmallNetwork.Bits(teacher);
        using var distiller = new Distiller(student, new PairedModalityTeacher(new FrozenTeacher(teacher), depths),
            TransferTerm.Of("features", new HintLoss(), "color_norm", "depth_norm", regressor, weight: 2),
            TransferTerm.Of("soft", new KnowledgeDistillationLoss(Soft), weight: 0.5));
        using var optimizer = optim.SGD([.. student.parameters(), .. distiller.Learners.parameters()], 0.1, momentum: 0.9);
        for (var step = 0; step < Steps; step++)
        {
            var x = Golden.Tensor($"modality.x{step}", [Rows, 9], dtype: ScalarType.Float64);
            var indices = Enumerable.Range(step * Rows, Rows).Select(i => (long)i).ToArray();
            var loss = distiller.Run(x, null, indices).Total();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            Assert.Equal(File["modality"].Numbers("losses")[step], loss.item<double>(), 1e-9);
        }

        AssertWeights(File["modality"]["regressor"], regressor);
        AssertWeights(File["modality"]["student"], student, "net.");
        AssertFrozen(teacher, untouched, student, optimizer);
    }

    [Fact]
    public void PairedModality_WithoutIndicesOrRows_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var teacher = Body("depth", 4, 6);
        using var student = Body("color", 9, 5);
        using var distiller = new Distiller(student, new PairedModalityTeacher(new FrozenTeacher(teacher), _ => ones(2, 4, dtype: ScalarType.Float64)),
            TransferTerm.Of("soft", new KnowledgeDistillationLoss(Soft)));

        Assert.Throws<InvalidOperationException>(() => distiller.Run(ones(3, 9, dtype: ScalarType.Float64)));
        Assert.Throws<InvalidOperationException>(() => distiller.Run(ones(3, 9, dtype: ScalarType.Float64), null, new long[] { 0, 1, 2 }));
    }

    private static void Train(GoldenCase expected, nn.Module<Tensor, Tensor> student, nn.Module<Tensor, Tensor> teacher, long[] shape)
    {
        var untouched = SmallNetwork.Bits(teacher);
        using var distiller = new Distiller(student, new FrozenTeacher(teacher), TransferTerm.Of("soft", new KnowledgeDistillationLoss(Soft), weight: 0.5));
        using var optimizer = optim.SGD(student.parameters(), 0.1, momentum: 0.9);
        for (var step = 0; step < Steps; step++)
        {
            var lesson = distiller.Run(Golden.Tensor($"{expected.Name}.x{step}", [Rows, .. shape], dtype: ScalarType.Float64));
            var loss = (nn.functional.cross_entropy(lesson.Output, Golden.Integers($"{expected.Name}.y{step}", Classes, Rows)) * 0.5) + lesson.Total();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            Assert.Equal(expected.Numbers("losses")[step], loss.item<double>(), 1e-9);
        }

        AssertWeights(expected["student"], student);
        AssertFrozen(teacher, untouched, student, optimizer);
    }

    private static void AssertWeights(GoldenCase expected, nn.Module network, string prefix = "")
    {
        var actual = network.state_dict();
        foreach (var one in expected.Parts)
        {
            one.AsSample().AssertEqual(actual[one.Name[(expected.Name.Length + 1 + prefix.Length)..]], 1e-7, 1e-9);
        }
    }

    private static void AssertFrozen(nn.Module teacher, byte[] untouched, nn.Module student, optim.Optimizer optimizer)
    {
        Assert.All(teacher.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.True(untouched.AsSpan().SequenceEqual(SmallNetwork.Bits(teacher)));
        var handles = teacher.state_dict().Values.Select(one => one.Handle).ToHashSet();
        Assert.DoesNotContain(student.state_dict().Values, one => handles.Contains(one.Handle));
        Assert.DoesNotContain(optimizer.parameters(), one => handles.Contains(one.Handle));
    }

    private static Sequential Chain(int a, int b, int c) => Golden.Fill(nn.Sequential(
        ("conv1", nn.Conv2d(1, a, 3, padding: 1, bias: false)), ("bn1", nn.BatchNorm2d(a)), ("relu1", nn.ReLU()), ("pool", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(a, b, 3, padding: 1)), ("bn2", nn.BatchNorm2d(b)), ("relu2", nn.ReLU()), ("flatten", nn.Flatten()),
        ("fc1", nn.Linear(b * 16, c)), ("relu3", nn.ReLU()), ("fc2", nn.Linear(c, Classes))).to(ScalarType.Float64));

    private static Sequential Stack(int blocks) => Golden.Fill(nn.Sequential(
        ("blocks", nn.Sequential([.. Enumerable.Range(0, blocks).Select(i => ($"{i}", (nn.Module<Tensor, Tensor>)nn.Sequential(("fc", nn.Linear(7, 7)), ("bn", nn.BatchNorm1d(7)), ("tanh", nn.Tanh()))))])),
        ("head", nn.Linear(7, Classes))).to(ScalarType.Float64));

    private static Sequential Body(string prefix, int inputs, int width) => Golden.Fill(nn.Sequential(
        ($"{prefix}_body", nn.Linear(inputs, width)), ($"{prefix}_norm", nn.BatchNorm1d(width)), ($"{prefix}_tanh", nn.Tanh()), ($"{prefix}_head", nn.Linear(width, Classes))).to(ScalarType.Float64));

    /// <summary>A stem, and two convolutions with a connection around them.</summary>
    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        internal readonly Conv2d stem;
        internal readonly BatchNorm2d stem_bn;
        internal readonly Conv2d first;
        internal readonly BatchNorm2d first_bn;
        internal readonly Conv2d second;
        internal readonly BatchNorm2d second_bn;
        internal readonly Linear fc;

        internal Residual(int stream, int inner)
            : base(nameof(Residual))
        {
            (stem, stem_bn) = (nn.Conv2d(2, stream, 3, padding: 1), nn.BatchNorm2d(stream));
            (first, first_bn) = (nn.Conv2d(stream, inner, 3, padding: 1), nn.BatchNorm2d(inner));
            (second, second_bn) = (nn.Conv2d(inner, stream, 3, padding: 1), nn.BatchNorm2d(stream));
            fc = nn.Linear(stream, Classes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var start = stem_bn.call(stem.call(input)).relu();
            var around = second_bn.call(second.call(first_bn.call(first.call(start)).relu()));
            return fc.call((start + around).relu().mean([2, 3]));
        }
    }
}
