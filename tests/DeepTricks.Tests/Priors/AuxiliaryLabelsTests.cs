using DeepTricks.Priors;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>Finer labels without the main class in them. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class AuxiliaryLabelsTests
{
    private static readonly GoldenFile File = GoldenFile.Read("priors/priors.json");
    private static readonly AuxiliaryTask Beak = new("beak", [0, 0, 1, 1, 1]);
    private static readonly AuxiliaryTask Pose = new("pose", 3) { Weight = 0.5, IgnoreIndex = -1 };

    [Theory]
    [InlineData("even")]
    [InlineData("uneven")]
    [InlineData("flat")]
    public void Compute_OfGroups_EqualsTheReferenceWithGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[$"conditional.{name}"];
        var task = new AuxiliaryTask(name, [.. expected.Integers("main").Select(one => (int)one)]);
        var scores = Golden.Tensor("conditional.scores", [9, task.Classes], scale: 3).requires_grad_();
        var labels = Golden.Integers("conditional.labels", task.Classes, 9);
        labels[2] = labels[5] = task.IgnoreIndex;

        var loss = ConditionalLabelLoss.Compute(scores, labels, task);

        expected.AssertEqual("out", loss);
        expected.AssertGradients("gradients", loss, [scores]);
    }

    [Fact]
    public void Compute_OfOneMainClass_IsCrossEntropy()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = (Golden.Tensor("scores", [6, 4]), Golden.Integers("labels", 4, 6));
        var plain = nn.functional.cross_entropy(scores, labels).item<float>();

        Assert.Equal(plain, ConditionalLabelLoss.Compute(scores, labels, new("one", [3, 3, 3, 3])).item<float>(), 1e-6);
        Assert.Equal(plain, ConditionalLabelLoss.Compute(scores, labels, new("free", 4)).item<float>(), 1e-6);
    }

    /// <summary>score = main[class of f] + sub[f]: a softmax over all classes moves the main score, this one does not.</summary>
    [Fact]
    public void Compute_OfScoresWithAMainPart_GivesThatPartNoGradient()
    {
        using var scope = NewDisposeScope();
        var (main, sub) = (Golden.Tensor("main", [7, 2], dtype: ScalarType.Float64).requires_grad_(), Golden.Tensor("sub", [7, 5], dtype: ScalarType.Float64));
        var labels = Golden.Integers("fine", 5, 7);
        var scores = main.index_select(1, tensor(new long[] { 0, 0, 1, 1, 1 })) + sub;

        var conditional = autograd.grad([ConditionalLabelLoss.Compute(scores, labels, Beak)], [main], retain_graph: true)[0];
        var plain = autograd.grad([nn.functional.cross_entropy(scores, labels)], [main])[0];

        Assert.True(conditional.abs().max().item<double>() < 1e-15);
        Assert.True(plain.abs().max().item<double>() > 1e-3);
    }

    [Fact]
    public void Terms_OfSeveralTasksWithMissingLabels_AreThoseOfTheLabelledSamples()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var heads = Golden.Fill(new AuxiliaryHeads(6, [Beak, Pose]));
        using var auxiliary = new AuxiliaryLabels(model, "body", heads);
        var input = Golden.Tensor("images", [4, 2, 7, 7]);
        var labels = tensor(new long[] { 0, 2, 4, -1, -100, 1, 3, 0 }, [4, 2]);
        model.call(input);

        var terms = auxiliary.Terms(labels);

        var scores = heads.call(model.Layer<Conv2d>("body").call(input));
        Assert.Equal([("auxiliary/beak", 1.0), ("auxiliary/pose", 0.5)], terms.Select(term => (term.Name, term.Weight)));
        var beak = ConditionalLabelLoss.Compute(scores[0].index_select(0, tensor(new long[] { 0, 1, 3 })), tensor(new long[] { 0, 4, 3 }), Beak);
        var pose = nn.functional.cross_entropy(scores[1].index_select(0, tensor(new long[] { 0, 2, 3 })), tensor(new long[] { 2, 1, 0 }));
        Assert.Equal(beak.item<float>(), terms[0].Value.item<float>(), 1e-6);
        Assert.Equal(pose.item<float>(), terms[1].Value.item<float>(), 1e-6);
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], heads.state_dict().Keys);
    }

    [Fact]
    public void Terms_WithoutAnyLabel_AreZeroWithAGradientOfZero()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        using var heads = new AuxiliaryHeads(6, [Beak]);
        using var auxiliary = new AuxiliaryLabels(model, "body", heads);
        model.call(Golden.Tensor("images", [4, 2, 7, 7]));

        var term = auxiliary.Terms(full([4], -100L, dtype: ScalarType.Int64)).Single();
        term.Value.backward();

        Assert.Equal(0, term.Value.item<float>());
        Assert.All(heads.parameters(), parameter => Assert.Equal(0, parameter.grad!.abs().sum().item<float>()));
    }

    [Fact]
    public void Terms_OverManySteps_KeepTheNumberOfTensors()
    {
        using var model = Network();
        using var heads = new AuxiliaryHeads(6, [Beak, Pose]);
        using var auxiliary = new AuxiliaryLabels(model, "body", heads);
        void Step()
        {
            using var scope = NewDisposeScope();
            model.call(Golden.Tensor("images", [4, 2, 7, 7]));
            auxiliary.Terms(zeros([4, 2], ScalarType.Int64)).Select(term => term.Value).Aggregate((a, b) => a + b).backward();
        }

        ProcessWide.AssertFlat(Step);
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuxiliaryTask("one", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuxiliaryTask("negative", [0, -1]));
        Assert.Throws<ArgumentException>(() => new AuxiliaryHeads(4, []));
        Assert.Throws<ArgumentException>(() => new AuxiliaryHeads(4, [Beak, Beak]));
        Assert.Throws<ArgumentException>(() => ConditionalLabelLoss.Compute(ones(2, 4), zeros([2], ScalarType.Int64), Beak));
        Assert.Throws<ArgumentException>(() => ConditionalLabelLoss.Compute(ones(2, 5), zeros(2), Beak));
        Assert.Throws<ArgumentException>(() => ConditionalLabelLoss.Compute(ones(2, 5), tensor(new long[] { 1, 5 }), Beak));
    }

    private static nn.Module<Tensor, Tensor> Network() => Golden.Fill(nn.Sequential(
        ("body", nn.Conv2d(2, 6, 3)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(6, 3))));
}
