using DeepTricks.Metrics;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Metrics.Segmentation;

/// <summary>Against MONAI, and contours against deepmind/surface-distance.</summary>
public sealed class SurfaceTests
{
    private static readonly GoldenFile File = GoldenFile.Read("metrics/surfaces.json");

    public static TheoryData<string> Cases => [.. File.Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Distances_OfMasks_AreThoseOfMonai(string name)
    {
        using var scope = NewDisposeScope();
        var expected = File[name];
        var (predicted, truth) = (Mask(expected, "predicted"), Mask(expected, "truth"));
        SurfaceOptions options = new() { Spacing = expected.Has("spacing") ? expected.Numbers("spacing") : null };
        var oneIsEmpty = name is "predicted-empty" or "truth-empty";

        foreach (var directed in (bool[])[false, true])
        {
            foreach (var percentile in (double?[])[null, 95, 50])
            {
                var distance = SurfaceDistances.Hausdorff(predicted, truth, percentile, directed, options).item<double>();
                // Of infinite distances MONAI's percentile is NaN, and no error; here they stay infinite.
                var theirs = expected.Number($"hausdorff.{percentile?.ToString() ?? "None"}.{(directed ? "True" : "False")}");
                Assert.Equal(oneIsEmpty ? double.PositiveInfinity : theirs, distance, 1e-5);
            }

            Assert.Equal(expected.Number($"average.{(directed ? "True" : "False")}"), SurfaceDistances.Average(predicted, truth, directed, options).item<double>(), 1e-5);
        }

        foreach (var tolerance in (string[])["0.0", "1.0", "2.5"])
        {
            double[] tolerances = [double.Parse(tolerance)];
            Assert.Equal(expected.Number($"dice.{tolerance}"), SurfaceDistances.Dice(predicted, truth, tolerances, options: options).item<double>(), 1e-6);
            if (predicted.dim() == 4)
                Assert.Equal(expected.Number($"contour.{tolerance}"), SurfaceDistances.Dice(predicted, truth, tolerances, SurfaceKind.Contours, options).item<double>(), 1e-6);
        }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.3)]
    [InlineData(-0.9)]
    public void Average_OfNoise_IsTheMeanOverAllPairs(double level)
    {
        using var scope = NewDisposeScope();
        const int Height = 19, Width = 23;
        var predicted = Golden.Tensor("noise.predicted", [1, 1, Height, Width]) > level;
        var truth = Golden.Tensor("noise.truth", [1, 1, Height, Width]) > level;

        var expected = Surface(predicted).Average(one => Surface(truth).Min(other => Math.Sqrt(Square(one.Y - other.Y) + Square(2.5 * (one.X - other.X)))));

        Assert.Equal(expected, SurfaceDistances.Average(predicted, truth, options: new() { Spacing = [1, 2.5] }).item<double>(), 1e-6);

        static double Square(double value) => value * value;

        static List<(int Y, int X)> Surface(Tensor mask)
        {
            var inside = mask.data<bool>().ToArray();
            return [.. from y in Enumerable.Range(0, Height)
                       from x in Enumerable.Range(0, Width)
                       where In(y, x) && !(In(y - 1, x) && In(y + 1, x) && In(y, x - 1) && In(y, x + 1))
                       select (y, x)];

            bool In(int y, int x) => y is >= 0 and < Height && x is >= 0 and < Width && inside[(y * Width) + x];
        }
    }

    [Fact]
    public void Hausdorff_OfABatch_IsThatOfEachMask()
    {
        using var scope = NewDisposeScope();
        var names = (string[])["predicted-empty", "same", "truth-empty", "both-empty"];
        var predicted = cat(names.Select(name => Mask(File[name], "predicted")).ToList(), 1);
        var truth = cat(names.Select(name => Mask(File[name], "truth")).ToList(), 1);

        var distances = SurfaceDistances.Hausdorff(predicted.to(ScalarType.Byte), truth, options: new() { Missing = 99 });

        Assert.Equal([1, 4], distances.shape);
        Assert.Equal([99, 0, 99, double.NaN], distances.data<double>().ToArray());
        Assert.Equal([0, 4], SurfaceDistances.Hausdorff(predicted[..0], truth[..0]).shape);
    }

    [Fact]
    public void Compute_OverBatches_IsTheMeanOverClassesThenImages()
    {
        using var scope = NewDisposeScope();
        var labels = zeros(3, 16, 16, dtype: ScalarType.Int64);
        labels[0, 2..8, 2..8] = 1;
        labels[0, 10..14, 10..14] = 2;
        labels[1, 4..9, 4..9] = 1;
        var moved = labels.roll(2, 2);
        using var distance = SurfaceMetric.Hausdorff(new() { Classes = 3 });
        using var hd95 = SurfaceMetric.Hausdorff(new() { Classes = 3 }, 95);
        using var average = SurfaceMetric.Average(new() { Classes = 3 }, symmetric: true);
        using var dice = SurfaceMetric.Dice(new() { Classes = 3, IgnoreIndex = 2 }, [2]);
        Assert.Equal(["hausdorff", "hd95", "assd", "surface-dice"], new IMetric[] { distance, hd95, average, dice }.Select(metric => metric.Name));
        Assert.Equal(double.NaN, distance.Compute());

        distance.Update(moved[..1], labels[..1]);
        distance.Update(nn.functional.one_hot(moved[1..], 3).permute(0, 3, 1, 2).to(ScalarType.Float32), labels[1..]);
        average.Update(moved, labels);
        dice.Update(moved, labels);

        Assert.Equal(2, distance.Compute());
        Assert.Equal([2, 2], distance.ClassMeans());
        Assert.InRange(average.Compute(), 0.1, 2);
        // What is predicted as class 2 beside the pixels to ignore is predicted where nothing is.
        Assert.Equal(0.75, dice.Compute());
        Assert.Equal([1, 0], dice.ClassMeans());
        distance.Reset();
        Assert.Equal(double.NaN, distance.Compute());
    }

    [Fact]
    public void Compute_OfMasksInAnySplit_IsTheSameToTheBit()
    {
        using var scope = NewDisposeScope();
        var scores = Golden.Tensor("surface.scores", [5, 2, 24, 30]);
        var truth = Golden.Tensor("surface.truth", [5, 2, 24, 30]).gt(0.5);
        SegmentationOptions options = new() { Classes = 2, MultiLabel = true, IncludeBackground = true };
        using SurfaceMetric once = SurfaceMetric.Average(options), often = SurfaceMetric.Average(options);
        once.Update(scores, truth);
        foreach (var (from, to) in ((int, int)[])[(0, 2), (2, 3), (3, 3), (3, 5)])
            often.Update(scores[from..to], truth[from..to]);

        Assert.Equal(once.Compute(), often.Compute());
        Assert.Equal(once.ClassMeans(), often.ClassMeans());
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        using var scope = NewDisposeScope();
        var masks = zeros(1, 2, 8, 9, dtype: ScalarType.Bool);
        var volumes = zeros([1, 2, 3, 8, 9], ScalarType.Bool);

        Assert.Contains("Float32", Assert.Throws<ArgumentException>("predicted", () => SurfaceDistances.Hausdorff(zeros(1, 2, 8, 9), masks)).Message);
        Assert.Throws<ArgumentException>("truth", () => SurfaceDistances.Hausdorff(masks, masks.narrow(1, 0, 1)));
        Assert.Throws<ArgumentException>("predicted", () => SurfaceDistances.Average(masks[0], masks[0]));
        Assert.Throws<ArgumentException>("options", () => SurfaceDistances.Average(masks, masks, options: new() { Spacing = [1, 1, 1] }));
        Assert.Throws<ArgumentOutOfRangeException>("percentile", () => SurfaceDistances.Hausdorff(masks, masks, 101));
        Assert.Throws<ArgumentException>("tolerances", () => SurfaceDistances.Dice(masks, masks, [1, 2, 3]));
        Assert.Throws<ArgumentException>("tolerances", () => SurfaceDistances.Dice(masks, masks, [-1]));
        Assert.Throws<ArgumentException>("predicted", () => SurfaceDistances.Dice(volumes, volumes, [1], SurfaceKind.Contours));
        Assert.Throws<ArgumentException>(() => new SurfaceOptions { Spacing = [0, 1] });
    }

    private static Tensor Mask(GoldenCase one, string which)
    {
        var shape = one.Integers("shape");
        var parts = one[which].Parts.Select(part => part.Element.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();
        var sum = zeros(shape, ScalarType.Float64);
        for (var i = 0; i < shape.Length; i++)
        {
            var places = arange(shape[i], dtype: ScalarType.Float64).reshape([.. shape.Select((length, axis) => axis == i ? length : 1)]);
            sum += ((places - parts[0][i]) / parts[1][i]).square();
        }

        return sum.le(1).unsqueeze(0).unsqueeze(0);
    }
}
