using DeepTricks.Metrics;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Metrics;

/// <summary>Calibration against the definition of Guo et al., 2017, in PyTorch. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class CalibrationTests
{
    private static readonly GoldenFile File = GoldenFile.Read("regularization/tricks.json");

    [Theory]
    [InlineData(15)]
    [InlineData(10)]
    public void Update_InBatches_EqualsTheReference(int bins)
    {
        using var scope = NewDisposeScope();
        var expected = File[$"calibration.{bins}"];
        using ExpectedCalibrationError average = new(bins);
        using MaximumCalibrationError maximum = new(bins);
        using MeanConfidence confidence = new();
        var (logits, labels) = Data();
        foreach (var metric in (IMetric[])[average, maximum, confidence])
        {
            metric.Update(logits[..64], labels[..64]);
            metric.Reset();
            metric.Update(logits[..130], labels[..130]);
            metric.Update(logits[130..], labels[130..]);
            metric.Update(logits[..0], labels[..0]);
        }

        Assert.Equal(expected.Number("ece"), average.Compute(), 1e-9);
        Assert.Equal(expected.Number("mce"), maximum.Compute(), 1e-9);
        Assert.Equal(expected.Number("confidence"), confidence.Compute(), 1e-9);
        Assert.Equal(expected.Integer("filled"), average.Bins().Count);
        Assert.Equal(200, average.Bins().Sum(bin => bin.Count));
    }

    [Fact]
    public void Compute_CertainAndHalfWrong_IsHalf()
    {
        using var scope = NewDisposeScope();
        using var metric = new ExpectedCalibrationError();
        metric.Update(tensor(new float[,] { { 99, 0 }, { 99, 0 } }), tensor(new long[] { 0, 1 }));

        Assert.Equal(0.5, metric.Compute(), 1e-9);
        Assert.Equal(new(2, 1, 0.5), Assert.Single(metric.Bins()));
    }

    [Fact]
    public void Compute_WithoutSamplesOrWithNaN_IsNaN()
    {
        using var scope = NewDisposeScope();
        foreach (var metric in (IMetric[])[new ExpectedCalibrationError(), new MaximumCalibrationError(), new MeanConfidence()])
        {
            using (metric)
            {
                Assert.Equal(double.NaN, metric.Compute());
                metric.Update(tensor(new float[,] { { float.NaN, 0 }, { 1, 0 } }), zeros(2, dtype: ScalarType.Int64));
                Assert.Equal(double.NaN, metric.Compute());
            }
        }
    }

    [Fact]
    public void Update_OverManyBatches_KeepsTheNumberOfTensors()
    {
        var (logits, labels) = Data();
        using var half = logits.to(ScalarType.Float16);
        using var metric = new ExpectedCalibrationError();
        metric.Update(half, labels);
        var before = ProcessWide.LiveTensors();
        for (var i = 0; i < 4; i++)
        {
            metric.Update(half, labels);
            metric.Compute();
        }

        Assert.Equal(before, ProcessWide.LiveTensors());
        logits.Dispose();
        labels.Dispose();
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExpectedCalibrationError(0));
        using var metric = new ExpectedCalibrationError();
        using Tensor scores = zeros(2, 3), labels = zeros(3, dtype: ScalarType.Int64);
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => metric.Update(scores, labels)).ParamName);
    }

    private static (Tensor Logits, Tensor Labels) Data()
    {
        using var scope = NewDisposeScope();
        var logits = Golden.Tensor("calibration.logits", [200, 6], scale: 4, dtype: ScalarType.Float64);
        var labels = where(Golden.Tensor("calibration.right", [200]) > -0.2, logits.argmax(1), Golden.Integers("calibration.labels", 6, 200));
        return (logits.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }
}
