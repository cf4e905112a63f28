using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

public sealed class TeacherGroupTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SmallNetwork _small = new(width: 3);
    private readonly SmallNetwork _large = new(width: 6);

    [Fact]
    public void Teach_TwoMembers_HasTheirPlacesAndTheMeanOfTheirLogits()
    {
        var (images, labels) = SmallNetwork.Batch();
        using var group = Group();
        group.Prepare(["small/layer1", Tap.Output.In("large")]);

        var trace = group.Teach(Lesson(images, labels));

        var (a, b) = (_small.Evaluate(() => _small.call(images)), _large.Evaluate(() => _large.call(images)));
        AssertClose((a + b) / 2, trace.Output);
        AssertClose(b, trace[Tap.Output.In("large")]);
        AssertClose(_small.Evaluate(() => _small.layer1.call(images)), trace["small/layer1"]);
        Assert.False(trace.Output.requires_grad);
    }

    [Fact]
    public void Prepare_APlaceWithoutAMember_IsRefused()
    {
        using var group = Group();
        Assert.Contains("'small/layer1'", Assert.Throws<ArgumentException>(() => group.Prepare(["layer1"])).Message, StringComparison.Ordinal);
        Assert.Contains("No teacher is named 'other'", Assert.Throws<ArgumentException>(() => group.Prepare(["other/layer1"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Combinations_OfTwoRows_AreThoseWorkedOutByHand()
    {
        var labels = tensor(new long[] { 0, 1 });
        Tensor[] outputs = [tensor(new float[] { 2, 0, 1, 0, 0, 3 }, [2, 3]), tensor(new float[] { 0, 1, -1, 1, 4, 0 }, [2, 3])];
        var lesson = Lesson(zeros(2, 1), labels);

        AssertClose(tensor(new float[] { 1, 0.5f, 0, 0.5f, 2, 1.5f }, [2, 3]), TeacherCombination.MeanOfLogits(outputs, lesson));
        AssertClose(tensor(new float[] { 0.5f, 0.75f, -0.5f, 0.75f, 3, 0.75f }, [2, 3]), TeacherCombination.Weighted(0.25, 0.75)(outputs, lesson));
        AssertClose(tensor(new float[] { 2, 0, 1, 1, 4, 0 }, [2, 3]), TeacherCombination.BestPerSample(outputs, lesson));
        // Less the own logit: (0, -2, -1), (0, 1, -1); (0, 0, 3), (-3, 0, -4).
        AssertClose(tensor(new float[] { 0, -2, -1, -3, 0, -4 }, [2, 3]), TeacherCombination.MinimumLogit(outputs, lesson));
        var softened = outputs.Select(output => (output / 4).softmax(1)).Aggregate((a, b) => a + b) / 2;
        AssertClose(softened, (TeacherCombination.MeanOfProbabilities(4)(outputs, lesson) / 4).softmax(1));
        var picks = Enumerable.Range(0, 40).Select(step => TeacherCombination.RandomPick(5)(outputs, lesson with { Time = new(step, 10, 40) })).ToList();
        Assert.InRange(picks.Count(pick => ReferenceEquals(pick, outputs[0])), 10, 30);
    }

    [Fact]
    public void Teach_ARandomMember_KeepsTheTraceWhole()
    {
        var (images, labels) = SmallNetwork.Batch();
        using var group = Group(TeacherCombination.RandomPick(1));
        group.Prepare([Tap.Output.In("small"), Tap.Output.In("large")]);

        var trace = group.Teach(Lesson(images, labels));

        Assert.True(trace.Output.equal(trace[Tap.Output.In("small")]).all().item<bool>() || trace.Output.equal(trace[Tap.Output.In("large")]).all().item<bool>());
    }

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
        _scope.Dispose();
    }

    private TeacherGroup Group(Func<IReadOnlyList<Tensor>, Lesson, Tensor>? combine = null) =>
        new(new Dictionary<string, Teacher> { ["small"] = new FrozenTeacher(_small), ["large"] = new FrozenTeacher(_large) }, combine);

    private static Lesson Lesson(Tensor input, Tensor labels) => new(input, labels, default, default, new(Golden.Tensor("student", [labels.shape[0], 3])));

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True(expected.allclose(actual, 1e-5, 1e-6), $"{expected.str()} was expected, and {actual.str()} came.");
}
