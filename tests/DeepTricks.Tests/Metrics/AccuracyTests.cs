using DeepTricks.Metrics;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Metrics;

public class AccuracyTests
{
    [Fact]
    public void Compute_OverUnequalBatches_CountsSamples()
    {
        using var accuracy = new Accuracy();
        using var error = new ErrorRate();
        foreach (var metric in (IMetric[])[accuracy, error])
        {
            using var scope = NewDisposeScope();
            metric.Update(tensor((float[])[1, 0, 0, 1, 0, 1], 3, 2), tensor((long[])[0, 1, 0]));
            metric.Update(tensor((float[])[0, 1], 1, 2), tensor((long[])[1]));
            metric.Update(zeros(0, 2), zeros(0, dtype: ScalarType.Int64));
        }

        Assert.Equal(0.75, accuracy.Compute());
        Assert.Equal(0.25, error.Compute());
        accuracy.Reset();
        Assert.True(double.IsNaN(accuracy.Compute()));
    }

    [Fact]
    public void Update_WrongShapesAndTypes_ThrowAndNameWhatCame()
    {
        using var scope = NewDisposeScope();
        using var accuracy = new Accuracy();

        Assert.Contains("[4]", Assert.Throws<ArgumentException>("output", () => accuracy.Update(zeros(4), zeros(4))).Message);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>("target", () => accuracy.Update(zeros(4, 2), zeros(3, dtype: ScalarType.Int64))).Message);
        Assert.Contains("Float32", Assert.Throws<ArgumentException>("target", () => accuracy.Update(zeros(4, 2), zeros(4))).Message);
    }
}
