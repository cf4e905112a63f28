using DeepTricks.Data;
using DeepTricks.Detection;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection.Evaluation;

/// <summary>Against pycocotools, on annotations and detections in COCO's files.</summary>
public sealed class CocoEvaluatorTests
{
    private static readonly GoldenFile Expected = GoldenFile.Read("detection/evaluation.json");
    private static readonly CocoDataset Dataset = CocoDataset.Read(GoldenFile.PathOf("detection/evaluation-truth.json"));

    public static TheoryData<string, OverlapKind, bool> Cases => new()
    {
        { "boxes", OverlapKind.Boxes, false },
        { "masks", OverlapKind.Masks, false },
        { "together", OverlapKind.Boxes, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compute_OverADataset_EqualsPycocotools(string name, OverlapKind overlap, bool together)
    {
        var result = Evaluate(overlap, together, Dataset.Images);
        var expected = Expected[name];

        double[] figures =
        [
            result.AveragePrecision, result.AveragePrecision50, result.AveragePrecision75,
            result.AveragePrecisionSmall, result.AveragePrecisionMedium, result.AveragePrecisionLarge,
            result.AverageRecall1, result.AverageRecall10, result.AverageRecall100,
            result.AverageRecallSmall, result.AverageRecallMedium, result.AverageRecallLarge,
        ];
        AssertClose(expected.Numbers("stats"), figures);
        Assert.Equal(expected["summary"].Element.EnumerateArray().Select(line => line.GetString()), result.ToString().Split('\n').Take(12));
        Assert.Equal(expected.Numbers("thresholds"), CocoMatching.Thresholds);
        AssertClose(expected.Numbers("curve"), result.Classes[0].PrecisionCurve(5));
        var categories = expected.Integers("categories");
        for (var i = 0; i < categories.Length; i++)
        {
            var one = result.Classes.SingleOrDefault(one => one.Label == categories[i]);
            for (var size = ObjectSize.All; size <= ObjectSize.Large; size++)
            {
                var precisions = expected["precision"].Parts[i].Parts[(int)size];
                var recalls = expected["recall"].Parts[i].Parts[(int)size];
                for (var t = 0; t < 10; t++)
                    AssertClose([precisions.Element[t].GetDouble()], [one?.Precision(size, t) ?? double.NaN]);
                for (var limit = 0; limit < 3; limit++)
                    AssertClose([recalls.Parts[limit].Element.EnumerateArray().Average(value => value.GetDouble())], [one?.Recall(size, limit) ?? double.NaN]);
            }
        }
    }

    [Fact]
    public void Add_InAnyOrder_GivesTheSameFigures()
    {
        var forwards = Evaluate(OverlapKind.Masks, false, Dataset.Images);
        var backwards = Evaluate(OverlapKind.Masks, false, Dataset.Images.Reverse());

        Assert.Equal(forwards.ToString(), backwards.ToString());
        Assert.Equal(forwards.AveragePrecision, backwards.AveragePrecision);
    }

    [Fact]
    public void Compute_OfTensors_IsThatOfObjects()
    {
        using var scope = NewDisposeScope();
        var boxes = tensor(new float[,] { { 0, 0, 10, 10 }, { 20, 20, 30, 40 } });
        var labels = tensor(new long[] { 1, 2 });
        var masks = zeros(2, 50, 50, dtype: ScalarType.Byte);
        masks[0, ..10, ..10] = 1;
        masks[1, 20..40, 20..30] = 1;
        var evaluator = new CocoEvaluator(new() { Overlap = OverlapKind.Masks });

        evaluator.Add(7, ObjectAnnotation.FromTensors(boxes, labels, masks), DetectedObject.FromTensors(boxes, labels, tensor(new[] { 0.5f, 0.25f }), masks.unsqueeze(1)));
        evaluator.Add(9, new DetectionTarget(boxes, labels, masks), new Detections(boxes, labels, tensor(new[] { 0.9f, 0.8f }), masks.unsqueeze(1) * 0.75));
        evaluator.Add(8, [], DetectedObject.FromTensors(zeros(0, 4), zeros(0, dtype: ScalarType.Int64), zeros(0)));

        Assert.Equal(1, evaluator.Compute().AveragePrecision, 1e-12);
        Assert.Equal([1, 2], evaluator.Compute().Classes.Select(one => one.Label));
        Assert.Equal([2, 2], evaluator.Compute().Classes.Select(one => one.Objects));
        evaluator.Reset();
        Assert.Equal(0, evaluator.Images);
        Assert.Equal(double.NaN, evaluator.Compute().AveragePrecision);
        Assert.Contains("= -1.000", evaluator.Compute().ToString());
    }

    [Fact]
    public void Add_DifficultObjects_CountForNothing()
    {
        var box = new ObjectBox(0, 0, 50, 50);
        var evaluator = new CocoEvaluator();
        evaluator.Add(1, [new(1, box) { IsDifficult = true }, new(1, new(100, 100, 50, 50))], [new(1, 0.9, box), new(1, 0.8, new(100, 100, 50, 50))]);

        Assert.Equal(1, evaluator.Compute().AveragePrecision, 1e-12);
        Assert.Equal(1, evaluator.Compute().Classes[0].Objects);
    }

    [Fact]
    public void Add_WhatCannotBeCompared_Throws()
    {
        using var scope = NewDisposeScope();
        var box = new ObjectBox(0, 0, 5, 5);
        var evaluator = new CocoEvaluator(new() { Overlap = OverlapKind.Masks });
        var small = RunLengthMask.Encode(ones(5, 5, dtype: ScalarType.Bool));
        var large = RunLengthMask.Encode(ones(5, 6, dtype: ScalarType.Bool));
        evaluator.Add(1, [], []);

        Assert.Throws<ArgumentException>("image", () => evaluator.Add(1, [], []));
        Assert.Throws<ArgumentException>("found", () => evaluator.Add(2, [], [new(1, double.NaN, box, small)]));
        Assert.Contains("has none", Assert.Throws<ArgumentException>("truth", () => evaluator.Add(2, [new(1, box)], [new(1, 1, box, small)])).Message);
        Assert.Contains("5 x 6", Assert.Throws<ArgumentException>("found", () => evaluator.Add(2, [new(1, box) { Mask = small }], [new(1, 1, box, large)])).Message);
        Assert.Equal(1, evaluator.Images);
        Assert.Throws<ArgumentException>("boxes", () => DetectedObject.FromTensors(zeros(3), zeros(3, dtype: ScalarType.Int64), zeros(3)));
        Assert.Throws<ArgumentException>("scores", () => DetectedObject.FromTensors(zeros(3, 4), zeros(3, dtype: ScalarType.Int64), zeros(2)));
        Assert.Throws<ArgumentException>("masks", () => ObjectAnnotation.FromTensors(zeros(3, 4), zeros(3, dtype: ScalarType.Int64), zeros(2, 5, 5, dtype: ScalarType.Bool)));
    }

    private static CocoResult Evaluate(OverlapKind overlap, bool together, IEnumerable<AnnotatedImage> images)
    {
        var found = CocoDetections.Read(GoldenFile.PathOf($"detection/evaluation-{(overlap == OverlapKind.Boxes ? "boxes" : "shapes")}.json"));
        var evaluator = new CocoEvaluator(new() { Overlap = overlap, ClassAgnostic = together, Categories = Dataset.Categories });
        foreach (var image in images)
            evaluator.Add(image.Id, image.Objects, [.. found[image.Id].Where(one => !together || one.Label != 55)]);
        return evaluator.Compute();
    }

    // What COCO calls −1 is NaN here.
    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        foreach (var (one, other) in expected.Zip(actual, (one, other) => (one, other)))
            Assert.True(one == -1 ? double.IsNaN(other) : Math.Abs(one - other) < 1e-12, $"expected {one:R}, and {other:R} came");
    }
}
