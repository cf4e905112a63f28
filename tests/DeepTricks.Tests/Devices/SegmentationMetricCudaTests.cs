using DeepTricks.Kernels;
using DeepTricks.Metrics;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Devices;

/// <summary>Metrics of segmentations give the same on a GPU as on the CPU.</summary>
public sealed class SegmentationMetricCudaTests
{
    private const int Classes = 5;

    [CudaFact]
    public void Overlaps_OnCuda_EqualTheCpu()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = (Golden.Tensor("scores", [3, Classes, 40, 30]), Golden.Integers("labels", Classes + 1, 3, 40, 30));
        using ConfusionMatrix there = new(Classes, Classes), here = new(Classes, Classes);
        using ImageOverlaps images = new(new() { Classes = Classes, IgnoreIndex = Classes }), expected = new(new() { Classes = Classes, IgnoreIndex = Classes });
        here.Update(scores, labels);
        expected.Update(scores, labels);
        for (var i = 0; i < 3; i++)
        {
            there.Update(scores[i..(i + 1)].cuda(), labels[i..(i + 1)].cuda());
            images.Update(scores[i..(i + 1)].cuda(), labels[i..(i + 1)].cuda());
        }

        Assert.Equal(here.Counts(), there.Counts());
        Assert.Equal(expected.Images().Select(image => image.MeanDice), images.Images().Select(image => image.MeanDice));
        there.Update(scores.cuda(), (labels + 1).cuda());
        Assert.Throws<InvalidOperationException>(there.Counts);
    }

    [CudaFact]
    public void Distances_OnCuda_EqualTheCpu()
    {
        using var scope = NewDisposeScope();
        var masks = Golden.Tensor("masks", [2, 3, 40, 30]) > 0.7;
        var truth = Golden.Tensor("truth", [2, 3, 40, 30]) > 0.7;

        Assert.True(DistanceTransform.Squared(masks.cuda(), 2).cpu().eq(DistanceTransform.Squared(masks, 2)).all().item<bool>());
        Assert.True(SurfaceDistances.Hausdorff(masks.cuda(), truth.cuda(), 95).cpu().eq(SurfaceDistances.Hausdorff(masks, truth, 95)).all().item<bool>());
    }
}
