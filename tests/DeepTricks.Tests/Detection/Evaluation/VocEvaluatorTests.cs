using DeepTricks.Data;
using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Evaluation;

/// <summary>Against the evaluation of detectron2, with crowds taken for difficult objects.</summary>
public sealed class VocEvaluatorTests
{
    private static readonly GoldenFile Expected = GoldenFile.Read("detection/evaluation.json");

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.5, true)]
    [InlineData(0.75, false)]
    [InlineData(0.75, true)]
    public void Compute_OverADataset_EqualsDetectron2(double threshold, bool elevenPoints)
    {
        var dataset = CocoDataset.Read(GoldenFile.PathOf("detection/evaluation-truth.json"), masks: false);
        var found = CocoDetections.Read(GoldenFile.PathOf("detection/evaluation-boxes.json"));
        var order = found.SelectMany(group => group).Select((one, i) => (one, i)).ToDictionary(pair => (object)pair.one, pair => pair.i, ReferenceEqualityComparer.Instance);
        var evaluator = new VocEvaluator(new() { Threshold = threshold, ElevenPoints = elevenPoints, Categories = dataset.Categories });
        foreach (var image in dataset.Images.Reverse())
            evaluator.Add(image.Id, [.. image.Objects.Select(Whole)], [.. found[image.Id].Select(one => one with { Score = one.Score - (1e-7 * order[one]) })]);

        var result = evaluator.Compute();

        foreach (var expected in Expected["voc"]["cases"].Parts.Where(one => one.Number("threshold") == threshold && one.Flag("points") == elevenPoints))
        {
            var one = result.Classes.Single(one => one.Label == expected.Integer("category"));
            Assert.Equal(expected.Number("average"), one.AveragePrecision, 1e-12);
            Assert.Equal(expected.Number("recall"), one.Recalls[^1], 1e-12);
            Assert.Equal(expected["precisions"].Number("sum"), one.Precisions.Sum(), 1e-9);
        }

        Assert.Equal(3, result.Classes.Count);
        Assert.Contains("mean", result.ToString());
    }

    [Fact]
    public void Compute_OfWhatAModelFound_IsOneWhereAllIsFound()
    {
        using var scope = NewDisposeScope();
        var (boxes, labels) = (tensor(new float[,] { { 0, 0, 10, 10 } }), ones(1, dtype: ScalarType.Int64));
        var evaluator = new VocEvaluator();
        evaluator.Add(0, new DetectionTarget(boxes, labels), new Detections(boxes + 1, labels, ones(1)));

        Assert.Equal(1, evaluator.Compute().MeanAveragePrecision);
    }

    [Fact]
    public void Compute_WithoutObjects_IsNaN()
    {
        var evaluator = new VocEvaluator();
        evaluator.Add(0, [], [new(1, 0.5, new(0, 0, 4, 4))]);

        Assert.Equal(double.NaN, evaluator.Compute().MeanAveragePrecision);
        Assert.Throws<ArgumentException>("image", () => evaluator.Add(0, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocEvaluatorOptions { Threshold = 1 });
    }

    // VOC has whole pixels.
    private static ObjectAnnotation Whole(ObjectAnnotation one)
    {
        var box = one.Box;
        return new(one.Label, new(Math.Round(box.X), Math.Round(box.Y), Math.Round(box.Width), Math.Round(box.Height))) { IsDifficult = one.IsCrowd };
    }
}
