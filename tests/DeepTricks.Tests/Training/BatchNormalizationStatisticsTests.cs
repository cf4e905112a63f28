using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

public class BatchNormalizationStatisticsTests
{
    [Fact]
    public void Update_OneLayer_HasTheMeanOfTheBatchesFigures()
    {
        using var problem = new Problem(batchSize: 19);
        using var layer = nn.BatchNorm1d(6);
        layer.eval();

        BatchNormalizationStatistics.Update(Objective.Supervised(layer, (output, _) => output.sum()), problem.Source);

        using var scope = NewDisposeScope();
        var batches = problem.Source.Epoch(0).ToArray();
        var means = stack(batches.Select(batch => batch.Input.mean([0]))).mean([0]);
        var variances = stack(batches.Select(batch => batch.Input.var(0, unbiased: true))).mean([0]);
        foreach (var batch in batches)
            batch.Dispose();
        Assert.True(layer.running_mean!.allclose(means, atol: 1e-6));
        Assert.True(layer.running_var!.allclose(variances, atol: 1e-6));
        Assert.False(layer.training);
    }
}
