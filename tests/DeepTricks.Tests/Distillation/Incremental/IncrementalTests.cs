using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Classes that come one after the other, against the code of FACIL and of global distillation's authors. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class IncrementalTests
{
    private const int Old = 3, New = 2, Rows = 6, Steps = 5;
    private const double Rate = 0.2;
    private static readonly GoldenFile File = GoldenFile.Read("distillation/incremental.json");

    [Theory]
    [InlineData("plain")]
    [InlineData("warm")]
    [InlineData("one")]
    public void Compute_OldClasses_EqualsFacilWithGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[$"lwf.{name}"];
        var student = Golden.Tensor("lwf.student", [8, expected.Integer("total")], scale: 4, dtype: ScalarType.Float64).requires_grad_();
        var teacher = Golden.Tensor("lwf.teacher", [8, expected.Integer("old")], scale: 4, dtype: ScalarType.Float64).requires_grad_();

        var loss = LearningWithoutForgettingLoss.Compute(student, teacher, new() { Temperature = expected.Number("temperature") });

        expected.AssertEqual("out", loss);
        expected.AssertGradients("gradients", loss, [student]);
        Assert.Null(Golden.Gradients(LearningWithoutForgettingLoss.Compute(student, teacher), student, teacher)[1]);
    }

    [Fact]
    public void Compute_PerTask_IsTheirWeightedDivergences()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Golden.Tensor("student", [4, 7], scale: 2), Golden.Tensor("teacher", [4, 5], scale: 2));
        Tensor Divergence(long start, long classes) => nn.functional.kl_div((student.narrow(1, start, classes) / 2).log_softmax(1),
            (teacher.narrow(1, start, classes) / 2).softmax(1), reduction: nn.Reduction.None, log_target: false).sum(1).mean() * 4 * (classes / 5.0);

        var loss = LearningWithoutForgettingLoss.Compute(student, teacher, LearningWithoutForgettingLossOptions.PerTask(2, 3));

        Assert.Equal((Divergence(0, 2) + Divergence(2, 3)).item<float>(), loss.item<float>(), 1e-5);
        Assert.Equal(0, LearningWithoutForgettingLoss.Compute(teacher, teacher, LearningWithoutForgettingLossOptions.PerTask(5)).item<float>(), 1e-6);
    }

    [Fact]
    public void LearningWithoutForgetting_FiveSteps_EqualFacilAndLeaveTheNetworkBefore()
    {
        using var scope = NewDisposeScope();
        using var student = Network("s", Old + New);
        using var before = Network("p", Old);
        var untouched = SmallNetwork.Bits(before);
        using var distiller = new Distiller(student, new FrozenTeacher(before), TransferTerm.Of("lwf", new LearningWithoutForgettingLoss(), weight: 1.5));
        using var optimizer = optim.SGD(student.parameters(), Rate, momentum: 0.9);
        for (var step = 0; step < Steps; step++)
        {
            var (x, y) = (Input(step), Golden.Integers($"y{step}", New, Rows));
            var lesson = distiller.Run(x);
            var loss = nn.functional.cross_entropy(lesson.Output.narrow(1, Old, New), y) + lesson.Total();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            Assert.Equal(File["lwf.steps"].Numbers("losses")[step], loss.item<double>(), 1e-10);
        }

        AssertWeights(File["lwf.steps"]["student"], student);
        AssertFrozen(before, untouched, student, optimizer);
    }

    [Fact]
    public void Ensemble_OfPreviousAndCurrent_EqualsTheAuthors()
    {
        using var scope = NewDisposeScope();
        var p = Golden.Tensor("ensemble.p", [6, Old], scale: 2, dtype: ScalarType.Float64).softmax(1);
        var c = Golden.Tensor("ensemble.c", [6, New], scale: 2, dtype: ScalarType.Float64).softmax(1);

        var q = GlobalDistillation.Ensemble(p, c);

        File["ensemble"].AssertEqual("out", q);
        Assert.True(q.sum([1]).allclose(ones(6, dtype: ScalarType.Float64)));
    }

    [Fact]
    public void GlobalDistillation_FiveSteps_EqualTheAuthorsAndLeaveBothTeachers()
    {
        using var scope = NewDisposeScope();
        using var student = Network("s", Old + New);
        using var before = Network("p", Old);
        using var current = Network("c", New);
        var (untouched, untouchedToo) = (SmallNetwork.Bits(before), SmallNetwork.Bits(current));
        using var distiller = new Distiller(student, GlobalDistillation.Teachers(new FrozenTeacher(before), new FrozenTeacher(current)), GlobalDistillation.Transfer());
        using var optimizer = optim.SGD(student.parameters(), Rate, momentum: 0.9);
        for (var step = 0; step < Steps; step++)
        {
            var loss = distiller.Run(Input(step), Labels(step)).Total();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            Assert.Equal(File["gd.steps"].Numbers("losses")[step], loss.item<double>(), 1e-10);
        }

        AssertWeights(File["gd.steps"]["student"], student);
        AssertFrozen(before, untouched, student, optimizer);
        AssertFrozen(current, untouchedToo, student, optimizer);
    }

    [Fact]
    public void CurrentTeacher_FiveSteps_EqualTheAuthors()
    {
        using var scope = NewDisposeScope();
        using var current = Network("c", New);
        using var optimizer = optim.SGD(current.parameters(), Rate, momentum: 0.9);
        for (var step = 0; step < Steps; step++)
        {
            var labels = Labels(step);
            var local = where(labels.ge(Old), labels - Old, full_like(labels, GlobalDistillation.External));
            var loss = GlobalDistillation.CurrentTeacherTerms(current.call(Input(step)), local).Select(term => term.Value * term.Weight).Aggregate((a, b) => a + b);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            Assert.Equal(File["gd.current"].Numbers("losses")[step], loss.item<double>(), 1e-10);
        }

        AssertWeights(File["gd.current"]["current"], current);
    }

    [Fact]
    public void Terms_OfSamplesWithWeights_CountThemSo()
    {
        using var scope = NewDisposeScope();
        var (student, p, c) = (Golden.Tensor("student", [4, 5]), Golden.Tensor("p", [4, 3]), Golden.Tensor("c", [4, 2]));
        var labels = tensor(new long[] { 0, 4, -1, 2 });
        double[] Of(Tensor? weights) => [.. GlobalDistillation.Terms(student, p, c, labels, null, weights).Select(term => (double)term.Value.item<float>())];

        Assert.All(Of(null).Zip(Of(full(4, 2f))), pair => Assert.Equal(2 * pair.First, pair.Second, 1e-5));
        Assert.Equal(0, Of(tensor(new float[] { 1, 1, 0, 1 }))[1], 1e-7);       // The one external sample.
        Assert.All(GlobalDistillation.Terms(student, p, c, labels), term => Assert.True(term.Value.item<float>() > 0));
    }

    [Fact]
    public void GrownClassifier_SaysOfOldClassesWhatItSaid()
    {
        using var scope = NewDisposeScope();
        using var old = nn.Linear(6, 3);
        using var grown = GrownClassifier.Of(old, 2);
        var features = Golden.Tensor("features", [4, 6]);

        Assert.True(grown.call(features).narrow(1, 0, 3).equal(old.call(features)).all().item<bool>());
        Assert.Equal([5, 6], grown.weight.shape);
        Assert.True(grown.weight.requires_grad);
        Assert.True(grown.weight.narrow(0, 3, 2).abs().max().item<float>() is > 0 and < 0.41f);
    }

    [Fact]
    public void Losses_OverManySteps_KeepTheNumberOfTensors()
    {
        void Step()
        {
            using var scope = NewDisposeScope();
            var student = Golden.Tensor("student", [4, 5]).requires_grad_();
            var terms = GlobalDistillation.Terms(student, Golden.Tensor("p", [4, 3]), Golden.Tensor("c", [4, 2]), tensor(new long[] { 0, 4, -1, 2 }));
            (terms.Select(term => term.Value).Aggregate((a, b) => a + b) + LearningWithoutForgettingLoss.Compute(student, Golden.Tensor("p", [4, 3]))).backward();
        }

        ProcessWide.AssertFlat(Step);
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => LearningWithoutForgettingLoss.Compute(ones(2, 3), ones(2, 4)));
        Assert.Throws<ArgumentException>(() => LearningWithoutForgettingLoss.Compute(ones(2, 3), ones(3, 3)));
        Assert.Throws<ArgumentException>(() => LearningWithoutForgettingLoss.Compute(ones(2, 3), ones(2, 3), LearningWithoutForgettingLossOptions.PerTask(1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningWithoutForgettingLossOptions { Temperature = 0 });
        Assert.Throws<ArgumentException>(() => GlobalDistillation.Terms(ones(2, 5), ones(2, 3), ones(2, 3), zeros([2], ScalarType.Int64)));
        Assert.Throws<ArgumentException>(() => GlobalDistillation.Terms(ones(2, 5), ones(2, 3), ones(2, 2), tensor(new long[] { 0, 5 })));
        Assert.Throws<ArgumentException>(() => GlobalDistillation.Terms(ones(2, 5), ones(2, 3), ones(2, 2), zeros([2], ScalarType.Int64), null, ones(3)));
        Assert.Throws<ArgumentException>(() => GlobalDistillation.Ensemble(ones(2, 5), ones(3, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => GrownClassifier.Of(nn.Linear(2, 2), 0));
    }

    private static Sequential Network(string prefix, int outputs) => Golden.Fill(nn.Sequential(
        ($"{prefix}0", nn.Linear(7, 9)), ($"{prefix}1", nn.BatchNorm1d(9)), ($"{prefix}2", nn.ReLU()), ($"{prefix}3", nn.Linear(9, outputs))).to(ScalarType.Float64));

    private static Tensor Input(int step) => Golden.Tensor($"x{step}", [Rows, 7], dtype: ScalarType.Float64);

    private static Tensor Labels(int step) =>
        tensor(File["gd.steps"]["labels"].Parts[step].Element.EnumerateArray().Select(one => one.GetInt64()).ToArray());

    private static void AssertWeights(GoldenCase expected, nn.Module network)
    {
        var actual = network.state_dict();
        foreach (var one in expected.Parts)
        {
            one.AsSample().AssertEqual(actual[one.Name[(expected.Name.Length + 1)..]], 1e-8, 1e-10);
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
}
