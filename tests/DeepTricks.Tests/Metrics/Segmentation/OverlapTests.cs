using DeepTricks.Kernels;
using DeepTricks.Metrics;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Metrics.Segmentation;

/// <summary>Against scikit-learn, MONAI, torchmetrics and segmentation_models.pytorch. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class OverlapTests
{
    private const int Classes = 5;
    private const long Ignored = 255;
    private static readonly GoldenFile File = GoldenFile.Read("metrics/overlap.json");

    [Fact]
    public void Counts_OfLabels_AreThoseOfScikitLearn()
    {
        using var scope = NewDisposeScope();
        var (predicted, truth, ignoring) = Labels();
        using var whole = new ConfusionMatrix(Classes);
        using var part = new ConfusionMatrix(Classes, Ignored);
        whole.Update(predicted, truth);
        part.Update(predicted, ignoring);

        Assert.Equal(File["matrix"].Integers("whole"), whole.Counts().Cast<long>());
        Assert.Equal(File["matrix"].Integers("ignoring"), part.Counts().Cast<long>());
    }

    [Theory]
    [InlineData(ScalarType.Byte, ScalarType.Int64)]
    [InlineData(ScalarType.Int16, ScalarType.Byte)]
    [InlineData(ScalarType.Int32, ScalarType.Int32)]
    [InlineData(ScalarType.Int64, ScalarType.Int16)]
    [InlineData(ScalarType.Float32, ScalarType.Byte)]
    [InlineData(ScalarType.Float64, ScalarType.Int64)]
    [InlineData(ScalarType.Float16, ScalarType.Int32)]
    public void Count_OfEveryType_IsThatOfTensorOperations(ScalarType output, ScalarType target)
    {
        using var scope = NewDisposeScope();
        var (predicted, _, truth) = Labels();
        var guess = output is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16
            ? Golden.Tensor("scores", [4, Classes, 20, 17], dtype: ScalarType.Float64).to(output)
            : predicted.to(output);
        var labels = target is ScalarType.Int32 or ScalarType.Int64 ? truth.masked_fill(truth.eq(Ignored), -100).to(target) : truth.to(target);
        var ignored = target is ScalarType.Int32 or ScalarType.Int64 ? -100 : Ignored;

        var (counts, wrong) = ClassPairs.Count(guess, labels, Classes, ignored);
        var (expected, none) = ClassPairs.InTensors(guess, labels, Classes, ignored);

        Assert.Equal(expected.data<long>().ToArray(), counts.data<long>().ToArray());
        Assert.Equal([0, 0], wrong.data<long>().ToArray());
        Assert.Equal([0, 0], none.data<long>().ToArray());
    }

    [Fact]
    public void Count_OfScoresWithTiesAndNaN_TakesTheClassThatArgmaxTakes()
    {
        using var scope = NewDisposeScope();
        var scores = (Golden.Tensor("ties", [2, 7, 61, 43]) * 3).round();
        scores.masked_fill_(Golden.Tensor("nan", [2, 7, 61, 43]) > 0.9, float.NaN);
        var labels = Golden.Integers("of", 7, 2, 61, 43);

        Assert.Equal(
            ClassPairs.InTensors(scores, labels, 7, null).Counts.data<long>().ToArray(),
            ClassPairs.Count(scores, labels, 7, null).Counts.data<long>().ToArray());
        Assert.Equal(
            ClassPairs.InTensors(scores, labels, 7, 3).Counts.data<long>().ToArray(),
            ClassPairs.Count(scores.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2), labels, 7, 3).Counts.data<long>().ToArray());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Images_OverlapsAndTheirMeans_AreThoseOfMonai(bool background, bool ignoreEmpty)
    {
        using var scope = NewDisposeScope();
        var (predicted, truth, _) = Labels();
        var expected = File[$"monai.{Python(background)}.{Python(ignoreEmpty)}"];
        SegmentationOptions options = new()
        {
            Classes = Classes,
            PerImage = true,
            IncludeBackground = background,
            EmptyClasses = ignoreEmpty ? null : EmptyClassPolicy.CountAsOne,
        };
        using var overlaps = new ImageOverlaps(options);
        using var dice = SegmentationMetric.Dice(options);
        using var miou = SegmentationMetric.MeanIntersectionOverUnion(options);
        overlaps.Update(predicted, truth);
        dice.Update(predicted, truth);
        miou.Update(predicted, truth);

        Assert.Equal(expected["dice"].Numbers("mean")[0], dice.Compute(), 1e-6);
        Assert.Equal(expected["iou"].Numbers("mean")[0], miou.Compute(), 1e-6);
        var first = background ? 0 : 1;
        // A class that no image has is 0 in MONAI's mean, and NaN here.
        AssertClose(expected["dice"].Numbers("mean_batch"), overlaps.ClassMeans(scores => scores.Dice).Skip(first).Select(value => double.IsNaN(value) ? 0 : value));
        AssertClose(expected["iou"].Numbers("mean_batch"), overlaps.ClassMeans(scores => scores.IntersectionOverUnion).Skip(first).Select(value => double.IsNaN(value) ? 0 : value));

        using var precision = SegmentationMetric.Precision(options with { EmptyClasses = EmptyClassPolicy.LeaveOutAbsent });
        using var recall = SegmentationMetric.Recall(options with { EmptyClasses = EmptyClassPolicy.LeaveOutAbsent });
        precision.Update(predicted, truth);
        recall.Update(predicted, truth);
        Assert.Equal(File[$"monai.{Python(background)}.matrix"]["precision"].Numbers("mean")[0], precision.Compute(), 1e-6);
        Assert.Equal(File[$"monai.{Python(background)}.matrix"]["recall"].Numbers("mean")[0], recall.Compute(), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Images_LeavingOutAbsentClasses_AreThoseOfTorchmetrics(bool background)
    {
        using var scope = NewDisposeScope();
        var (predicted, truth, _) = Labels();
        var expected = File[$"torchmetrics.{Python(background)}"];
        using var overlaps = new ImageOverlaps(new() { Classes = Classes, EmptyClasses = EmptyClassPolicy.LeaveOutAbsent, IncludeBackground = background });
        overlaps.Update(predicted, truth);
        var images = overlaps.Images();
        var first = background ? 0 : 1;

        AssertClose(expected.Numbers("iou"), images.Select(image => image.MeanIntersectionOverUnion));
        AssertClose(expected.Numbers("dice"), images.Select(image => image.MeanDice));
        AssertClose(expected.Numbers("classes").Select(value => value == -1 ? double.NaN : value), images.SelectMany(image => image.IntersectionOverUnion.Skip(first)));
        AssertClose(expected.Numbers("total"), overlaps.Total().Dice.Skip(first));
    }

    [Theory]
    [InlineData(EmptyClassPolicy.CountAsOne, "1.0", false)]
    [InlineData(EmptyClassPolicy.CountAsOne, "1.0", true)]
    [InlineData(EmptyClassPolicy.CountAsZero, "0.0", false)]
    [InlineData(EmptyClassPolicy.CountAsZero, "0.0", true)]
    public void Scores_OfAllPixelsOrEachImage_AreThoseOfSegmentationModels(EmptyClassPolicy policy, string zeroDivision, bool ignoring)
    {
        using var scope = NewDisposeScope();
        var (predicted, whole, part) = Labels();
        foreach (var perImage in (bool[])[false, true])
        {
            var expected = File[$"smp.{zeroDivision}.macro{(perImage ? "-imagewise" : "")}.{(ignoring ? "ignoring" : "whole")}"];
            SegmentationOptions options = new() { Classes = Classes, PerImage = perImage, EmptyClasses = policy, IgnoreIndex = ignoring ? Ignored : null };
            foreach (var (name, metric) in ((string, SegmentationMetric)[])
            [
                ("iou", SegmentationMetric.MeanIntersectionOverUnion(options)), ("dice", SegmentationMetric.Dice(options)),
                ("precision", SegmentationMetric.Precision(options)), ("recall", SegmentationMetric.Recall(options)),
            ])
            {
                using (metric)
                {
                    metric.Update(predicted, ignoring ? part : whole);
                    Assert.Equal(expected.Number(name), metric.Compute(), 1e-6);
                }
            }
        }

        using var matrix = new ConfusionMatrix(Classes, ignoring ? Ignored : null);
        matrix.Update(predicted, ignoring ? part : whole);
        Assert.Equal(File[$"smp.{zeroDivision}.macro.{(ignoring ? "ignoring" : "whole")}"].Number("iou"), matrix.Compute(policy).MeanIntersectionOverUnion, 1e-6);
    }

    [Fact]
    public void Masks_OfSeveralLabels_AreThoseOfMonaiAndSegmentationModels()
    {
        using var scope = NewDisposeScope();
        var scores = Golden.Tensor("segmentation.scores", [3, 4, 15, 13]);
        var truth = Golden.Integers("segmentation.masks", 3, 3, 4, 15, 13).eq(0);
        truth[0, 1] = false;
        truth[1, 2] = false;
        scores[1, 2] = -1;
        truth[2, 3] = true;
        var expected = File["multilabel"];
        SegmentationOptions options = new() { Classes = 4, MultiLabel = true, Threshold = 0 };

        foreach (var ignore in (bool[])[true, false])
        {
            using var overlaps = new ImageOverlaps(options with { PerImage = true, EmptyClasses = ignore ? null : EmptyClassPolicy.CountAsOne });
            overlaps.Update(scores, truth.to(ScalarType.Byte));
            AssertClose(expected[$"dice.{Python(ignore)}"].Numbers("mean_batch"), overlaps.ClassMeans(image => image.Dice));
            Assert.Equal(expected[$"dice.{Python(ignore)}"].Numbers("mean")[0], SegmentationScores.MeanOf(overlaps.Images().Select(image => image.MeanDice)), 1e-6);
        }

        using var total = new ImageOverlaps(options);
        total.Update(scores.gt(0), truth.to(ScalarType.Float32));
        Assert.Equal(expected.Number("iou"), total.Total().MeanIntersectionOverUnion, 1e-6);
        Assert.Equal(expected.Number("accuracy"), total.Total().PixelAccuracy, 1e-6);

        // What is ignored is in neither mask.
        var half = truth.to(ScalarType.Int64);
        half[.., .., ..7] = 255;
        using var ignoring = new ImageOverlaps(options with { IgnoreIndex = 255 });
        using var below = new ImageOverlaps(options);
        ignoring.Update(scores, half);
        below.Update(scores[.., .., 7..], truth[.., .., 7..]);
        Assert.Equal(below.Total().Dice, ignoring.Total().Dice);
        Assert.Equal(below.Total().PixelAccuracy, ignoring.Total().PixelAccuracy);
    }

    [Fact]
    public void Compute_OfScores_FollowsTheDefinitions()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(3);
        // Truth 0: 3 right, 1 as 1. Truth 1: 2 right, 2 as 0. Class 2 is nowhere.
        matrix.Update(tensor((long[])[0, 0, 0, 1, 1, 1, 0, 0], 1, 8), tensor((long[])[0, 0, 0, 0, 1, 1, 1, 1], 1, 8));

        var scores = matrix.Compute();

        Assert.Equal([3.0 / 6, 2.0 / 5, double.NaN], scores.IntersectionOverUnion);
        Assert.Equal([6.0 / 9, 4.0 / 7, double.NaN], scores.Dice);
        Assert.Equal([3.0 / 5, 2.0 / 3, double.NaN], scores.Precision);
        Assert.Equal([0.75, 0.5, double.NaN], scores.Recall);
        Assert.Equal(0.45, scores.MeanIntersectionOverUnion, 1e-12);
        Assert.Equal(0.625, scores.MeanRecall, 1e-12);
        Assert.Equal(5.0 / 8, scores.PixelAccuracy, 1e-12);
        Assert.Equal(0.45, scores.FrequencyWeightedIntersectionOverUnion, 1e-12);
        Assert.Equal(1.9 / 3, matrix.Compute(EmptyClassPolicy.CountAsOne).MeanIntersectionOverUnion, 1e-12);
        Assert.Equal(0.9 / 3, matrix.Compute(EmptyClassPolicy.CountAsZero).MeanIntersectionOverUnion, 1e-12);
        Assert.Equal(0.4, matrix.Compute(includeBackground: false).MeanIntersectionOverUnion, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Update_InAnySplit_GivesTheSameToTheBit(int size)
    {
        using var scope = NewDisposeScope();
        var scores = Golden.Tensor("split", [7, Classes, 33, 70]);
        var truth = Golden.Integers("split.truth", Classes, 7, 33, 70);
        using ConfusionMatrix once = new(Classes), often = new(Classes);
        using ImageOverlaps images = new(new() { Classes = Classes }), parts = new(new() { Classes = Classes });
        once.Update(scores, truth);
        images.Update(scores, truth);
        for (var i = 0; i < 7; i += size)
        {
            often.Update(scores[i..Math.Min(7, i + size)], truth[i..Math.Min(7, i + size)]);
            parts.Update(scores[i..Math.Min(7, i + size)], truth[i..Math.Min(7, i + size)]);
        }

        often.Update(scores[..0], truth[..0]);
        Assert.Equal(once.Counts(), often.Counts());
        Assert.Equal(images.Images().Select(one => one.MeanDice), parts.Images().Select(one => one.MeanDice));
        Assert.Equal(once.Compute().MeanIntersectionOverUnion, images.Total().MeanIntersectionOverUnion);
        once.Reset();
        Assert.All(once.Counts().Cast<long>(), count => Assert.Equal(0, count));
    }

    [Fact]
    public void Compute_WhereAllIsIgnoredOrNothingCame_IsNaN()
    {
        using var scope = NewDisposeScope();
        using var metric = SegmentationMetric.MeanIntersectionOverUnion(new() { Classes = 2, IgnoreIndex = 255, PerImage = true });
        using var matrix = new ConfusionMatrix(2, 255);
        Assert.Equal(double.NaN, metric.Compute());
        metric.Update(zeros(2, 4, 4, dtype: ScalarType.Int64), full([2, 4, 4], 255, dtype: ScalarType.Int64));
        matrix.Update(zeros(2, 4, 4, dtype: ScalarType.Int64), full([2, 4, 4], 255, dtype: ScalarType.Int64));

        Assert.Equal(double.NaN, metric.Compute());
        Assert.Equal(double.NaN, matrix.Compute().MeanIntersectionOverUnion);
        Assert.Equal(double.NaN, matrix.Compute().PixelAccuracy);
        Assert.Equal(double.NaN, matrix.Compute().FrequencyWeightedIntersectionOverUnion);
    }

    [Fact]
    public void Update_WrongShapesTypesAndLabels_ThrowAndCountNothing()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(3, 255);
        var labels = zeros(2, 4, 5, dtype: ScalarType.Int64);

        Assert.Contains("[2, 4, 4, 5]", Assert.Throws<ArgumentException>("output", () => matrix.Update(zeros(2, 4, 4, 5), labels)).Message);
        Assert.Throws<ArgumentException>("output", () => matrix.Update(zeros(2, 3, 5, 4), labels));
        Assert.Throws<ArgumentException>("output", () => matrix.Update(labels[..1], labels));
        Assert.Throws<ArgumentException>("output", () => matrix.Update(labels.ne(0), labels));
        Assert.Contains("Float32", Assert.Throws<ArgumentException>("target", () => matrix.Update(zeros(2, 3, 4, 5), zeros(2, 4, 5))).Message);
        labels[1, 2, 3] = 3;
        Assert.Contains("1 labels are not from 0 to 2", Assert.Throws<ArgumentException>("target", () => matrix.Update(zeros(2, 3, 4, 5), labels)).Message);
        Assert.Throws<ArgumentException>("output", () => matrix.Update(labels, zeros_like(labels)));
        labels[1, 2, 3] = 255;
        Assert.All(matrix.Counts().Cast<long>(), count => Assert.Equal(0, count));
        matrix.Update(labels, labels);
        Assert.Equal(39, matrix.Counts()[0, 0]);

        using var masks = new ImageOverlaps(new() { Classes = 3, MultiLabel = true });
        Assert.Throws<ArgumentException>("output", () => masks.Update(zeros(2, 2, 4, 5), zeros(2, 2, 4, 5)));
        Assert.Throws<ArgumentException>("target", () => masks.Update(zeros(2, 3, 4, 5), zeros(2, 4, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentationOptions { Classes = 0 });
    }

    [Fact]
    public void Update_OverManyBatches_KeepsTheNumberOfTensors()
    {
        using var scores = Golden.Tensor("live", [2, 3, 8, 8]);
        using var labels = Golden.Integers("live.labels", 3, 2, 8, 8);
        using var matrix = new ConfusionMatrix(3);
        using var overlaps = new ImageOverlaps(new() { Classes = 3 });
        using var surface = SurfaceMetric.Hausdorff(new() { Classes = 3 });
        ProcessWide.AssertFlat(Step);

        void Step()
        {
            matrix.Update(scores, labels);
            overlaps.Update(scores, labels);
            surface.Update(scores, labels);
            matrix.Compute();
            overlaps.Images();
            Assert.Throws<ArgumentException>(() => matrix.Update(scores, labels + 1));
        }
    }

    private static string Python(bool value) => value ? "True" : "False";

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        Assert.Equal(expected.Count(), actual.Count());
        foreach (var (one, other) in expected.Zip(actual))
            Assert.Equal(one, other, 1e-6);
    }

    private static (Tensor Predicted, Tensor Truth, Tensor Ignoring) Labels()
    {
        var predicted = Golden.Integers("segmentation.predicted", 4, 4, 20, 17);
        var truth = Golden.Integers("segmentation.truth", 4, 4, 20, 17);
        predicted = where(Golden.Tensor("segmentation.right", [4, 20, 17]) > -0.3, truth, predicted);
        truth[1].masked_fill_(truth[1].eq(3), 0);
        truth[2].masked_fill_(truth[2].eq(3), 1);
        predicted[2].masked_fill_(predicted[2].eq(3), 1);
        var ignoring = truth.masked_fill(Golden.Integers("segmentation.ignored", 6, 4, 20, 17).eq(0), Ignored);
        ignoring[3] = Ignored;
        return (predicted, truth, ignoring);
    }
}
