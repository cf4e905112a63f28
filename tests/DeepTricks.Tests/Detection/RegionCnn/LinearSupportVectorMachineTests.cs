using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>Support vector machines against scikit-learn's LinearSVC: tests/fixtures/rcnn/make_rcnn.py.</summary>
public sealed class LinearSupportVectorMachineTests
{
    private static readonly GoldenFile File = GoldenFile.Read("rcnn/machines.json");

    public static IEnumerable<object[]> Names => File.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_SeededSamples_EqualsScikitLearn(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var features = Golden.Tensor(one.Text("features"), [one.Integer("rows"), one.Integer("columns")]);
        var positive = zeros(one.Integer("rows"), dtype: ScalarType.Bool);
        positive[tensor(one.Integers("positives"))] = true;

        using var machine = LinearSupportVectorMachine.Train(features, positive, new()
        {
            Loss = one.Text("loss") == "hinge" ? HingeLoss.Linear : HingeLoss.Squared,
            Cost = one.Number("cost"),
            BiasScaling = one.Number("bias_scaling"),
            PositiveWeight = one.Number("positive_weight"),
            Tolerance = 1e-9,
            MaximumPasses = 1_000_000,
        });

        Assert.True(machine.HasConverged);
        one.AssertEqual("weight", machine.Weight, 1e-5, 1e-6);
        Assert.Equal(one.Number("bias"), machine.Bias, 1e-6);
    }

    [Fact]
    public void Scores_OfSeparableSamples_HaveTheirSigns()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("separable", [200, 20]);
        var positive = features[.., 3].gt(features[.., 4]);

        using var machine = LinearSupportVectorMachine.Train(features, positive, new() { Cost = 100 });

        Assert.True(machine.Scores(features).gt(0).eq(positive).all().item<bool>());
    }

    [Fact]
    public void Train_BadInput_NamesIt()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("bad", [5, 3]);
        var positive = tensor(new[] { true, false, true, false, true });
        Assert.Contains("both classes", Assert.Throws<ArgumentException>(() => LinearSupportVectorMachine.Train(features, ones(5, dtype: ScalarType.Bool))).Message);
        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => LinearSupportVectorMachine.Train(features.to(ScalarType.Float64), positive)).Message);
        Assert.Contains("[4]", Assert.Throws<ArgumentException>(() => LinearSupportVectorMachine.Train(features, positive[..4])).Message);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => LinearSupportVectorMachine.Train(features / 0, positive)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SupportVectorMachineOptions { Cost = 0 });
        using var machine = LinearSupportVectorMachine.Train(features, positive);
        Assert.Contains("[N, 3]", Assert.Throws<ArgumentException>(() => machine.Scores(zeros(2, 4))).Message);
    }
}
