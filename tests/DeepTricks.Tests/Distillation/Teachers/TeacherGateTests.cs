using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Weights for each sample, against sums written out.</summary>
public sealed class TeacherGateTests
{
    private static readonly long[] Labels = [2, 0, 1];

    [Fact]
    public void ByConfidence_WeighsByTheEntropyOfEachSample()
    {
        using var scope = NewDisposeScope();
        var (outputs, lesson) = Given();

        var gated = TeacherGate.ByConfidence(0.5)(outputs, lesson);

        var weights = new Tensor[outputs.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var p = outputs[i].softmax(1);
            weights[i] = ((p * p.log()).sum(1) / 0.5).exp();
        }

        AssertSum(outputs, weights, gated);
        var sure = TeacherGate.ByConfidence(1e-4)([tensor(new float[] { 9, 0 }, [1, 2]), zeros(1, 2)], lesson);
        Assert.True(sure.allclose(tensor(new float[] { 9, 0 }, [1, 2])));
    }

    [Fact]
    public void ByLabel_WeighsByTheCrossEntropyOfEachSample()
    {
        using var scope = NewDisposeScope();
        var (outputs, lesson) = Given();

        var gated = TeacherGate.ByLabel(outputs, lesson);

        var costs = outputs.Select(output => nn.functional.cross_entropy(output, tensor(Labels), reduction: nn.Reduction.None).exp()).ToArray();
        var sum = costs.Aggregate((a, b) => a + b);
        AssertSum(outputs, [.. costs.Select(cost => (1 - (cost / sum)) / 2)], gated);
    }

    [Fact]
    public void By_TakesTheWeightsOfTheCaller()
    {
        using var scope = NewDisposeScope();
        var (outputs, lesson) = Given();
        var weights = tensor(new float[] { 1, 0, 0, 0, 1, 0, 0.5f, 0, 0.5f }, [3, 3]);

        var gated = TeacherGate.By(_ => weights)(outputs, lesson);

        Assert.True(gated[0].equal(outputs[0][0]).all().item<bool>());
        Assert.True(gated[1].equal(outputs[1][1]).all().item<bool>());
        Assert.True(gated[2].allclose((outputs[0][2] + outputs[2][2]) / 2));
        Assert.Throws<InvalidOperationException>(() => TeacherGate.By(_ => ones(2, 3))(outputs, lesson));
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        using var scope = NewDisposeScope();
        var (outputs, lesson) = Given();
        Assert.Throws<ArgumentOutOfRangeException>(() => TeacherGate.ByConfidence(0));
        Assert.Throws<ArgumentException>(() => TeacherGate.ByLabel([outputs[0]], lesson));
        Assert.Throws<ArgumentException>(() => TeacherGate.ByConfidence()([outputs[0], ones(3, 5)], lesson));
    }

    private static (IReadOnlyList<Tensor> Outputs, Lesson Lesson) Given()
    {
        Tensor[] outputs = [.. Enumerable.Range(0, 3).Select(i => Golden.Tensor($"gate{i}", [3, 4], scale: 2))];
        return (outputs, new(ones(3, 1), tensor(Labels), default, default, new(outputs[0])));
    }

    private static void AssertSum(IReadOnlyList<Tensor> outputs, Tensor[] weights, Tensor actual)
    {
        var all = weights.Aggregate((a, b) => a + b);
        var expected = outputs.Zip(weights, (output, weight) => output * (weight / all).unsqueeze(1)).Aggregate((a, b) => a + b);
        Assert.True(actual.allclose(expected, 1e-5, 1e-6));
    }
}
