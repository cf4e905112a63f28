using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>The regression of boxes against its closed form in numpy: tests/fixtures/rcnn/make_rcnn.py.</summary>
public sealed class BoxRidgeRegressionTests
{
    private static readonly GoldenFile File = GoldenFile.Read("rcnn/regressions.json");

    public static IEnumerable<object[]> Names => File.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_SeededPairs_EqualsTheClosedForm(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var rows = one.Integer("rows");
        var features = Golden.Tensor($"{name}.x", [rows, one.Integer("columns")], 2);
        var corners = Golden.Tensor($"{name}.corners", [rows, 2], 20, 40, ScalarType.Float64);
        var sides = Golden.Tensor($"{name}.sides", [rows, 2], 10, 30, ScalarType.Float64);
        var boxes = cat([corners, corners + sides], 1);
        var truth = (boxes + Golden.Tensor($"{name}.moves", [rows, 4], 4, dtype: ScalarType.Float64)).to(ScalarType.Float32);

        using var regression = BoxRidgeRegression.Fit(features, boxes.to(ScalarType.Float32), truth, one.Number("penalty"), one.Flag("whiten"));

        one.AssertEqual("boxes", regression.Apply(features, boxes.to(ScalarType.Float32)), 1e-5, 1e-4);
    }

    [Fact]
    public void Apply_AfterAFitWithoutPenalty_GivesWhatItWasShown()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("exact.x", [5, 30]);
        var corners = Golden.Tensor("exact.corners", [5, 2], 10, 30);
        var boxes = cat([corners, corners + 20], 1);
        var truth = boxes + Golden.Tensor("exact.moves", [5, 4], 3);
        using var regression = BoxRidgeRegression.Fit(features, boxes, truth, 1e-9);
        Assert.True(regression.Apply(features, boxes).allclose(truth, atol: 1e-3));
    }

    [Fact]
    public void Fit_BadInput_NamesIt()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => BoxRidgeRegression.Fit(zeros(0, 3), zeros(0, 4), zeros(0, 4))).Message);
        Assert.Contains("[2, 4]", Assert.Throws<ArgumentException>(() => BoxRidgeRegression.Fit(ones(2, 3), ones(3, 4), ones(3, 4))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BoxRidgeRegression.Fit(ones(2, 3), ones(2, 4), ones(2, 4), 0));
    }
}
