using DeepTricks.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace SegmentationSample;

/// <summary>Gathers the masks of slices and scores them, those with the organ and those without apart.</summary>
internal sealed class SliceScores : IMetric
{
    private static readonly SegmentationOptions Masks = new() { Classes = 1, MultiLabel = true };

    // A slice on which nothing was found has no distance, and is counted as missed instead.
    private static readonly SurfaceOptions FoundAlone = new() { Missing = double.NaN };

    private readonly List<Tensor> _found = [];
    private readonly List<Tensor> _truth = [];

    public string Name => "false-alarms";

    public void Update(Tensor output, Tensor target)
    {
        using var scope = NewDisposeScope();
        _found.Add((output > 0).DetachFromDisposeScope());
        _truth.Add((target > 0.5).DetachFromDisposeScope());
    }

    /// <summary>The share of slices without the organ on which a pixel was called organ.</summary>
    public double Compute() => Result([]).FalseAlarms / 100;

    /// <summary>All figures of the slices since the last <see cref="Reset"/>.</summary>
    public RunResult Result(IReadOnlyList<(double Epoch, double Dice)> curve)
    {
        using var scope = NewDisposeScope();
        using var overlaps = new ImageOverlaps(Masks);
        var (found, truth) = (cat(_found), cat(_truth));
        overlaps.Update(found, truth);
        var total = overlaps.Total();
        var distances = SurfaceDistances.Hausdorff(found, truth, percentile: 95, options: FoundAlone).data<double>().ToArray();
        double[] pixels = [.. found.sum([1, 2, 3], type: ScalarType.Float64).data<double>()];
        bool[] present = [.. truth.flatten(1).any(1).data<bool>()];
        var alarms = pixels.Where((_, i) => !present[i]).ToList();
        return new()
        {
            Curve = curve,
            GlobalDice = 100 * total.MeanDice,
            SliceDice = 100 * Mean(overlaps.Images().Select(slice => slice.MeanDice).Where((_, i) => present[i])),
            Iou = 100 * total.MeanIntersectionOverUnion,
            Hausdorff95 = Mean(distances.Where(double.IsFinite)),
            Missed = 100 * Mean(pixels.Where((_, i) => present[i]).Select(count => count == 0 ? 1.0 : 0)),
            FalseAlarms = 100 * Mean(alarms.Select(count => count > 0 ? 1.0 : 0)),
            FalsePixels = Mean(alarms),
            Masks = [.. found.data<bool>()],
        };
    }

    public void Reset()
    {
        foreach (var mask in _found.Concat(_truth))
            mask.Dispose();
        _found.Clear();
        _truth.Clear();
    }

    public void Dispose() => Reset();

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
}
