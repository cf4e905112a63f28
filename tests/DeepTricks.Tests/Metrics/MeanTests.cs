using DeepTricks.Metrics;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Metrics;

public class MeanTests
{
    [Fact]
    public void Compute_WeightedValues_IsTheirMeanInDoublePrecision()
    {
        using var mean = new Mean();
        using var one = tensor(1f);
        using var small = tensor(1e-9f);

        mean.Add(one, weight: 3);
        mean.Add(small);

        Assert.Equal((3 + (double)1e-9f) / 4, mean.Compute(), 1e-16);
    }

    [Fact]
    public void Add_AValueWithGradient_KeepsNoGraph()
    {
        using var mean = new Mean();
        using var value = tensor(2f, requires_grad: true);

        mean.Add(value);

        Assert.False(mean.Sum!.requires_grad);
        Assert.Equal(2, mean.Compute());
    }

    [Fact]
    public void Compute_NothingAdded_IsNaN()
    {
        using var mean = new Mean();

        Assert.True(double.IsNaN(mean.Compute()));
    }
}
