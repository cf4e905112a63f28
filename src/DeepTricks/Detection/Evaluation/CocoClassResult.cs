namespace DeepTricks.Detection;

/// <summary>The figures of one class; NaN where it has no object of the size in question.</summary>
public sealed class CocoClassResult
{
    private const int Points = 101;

    // What COCO's tools add to divide by, 2⁻⁵²: it can be seen in the last digit.
    private const double Epsilon = 2.220446049250313e-16;
    private static readonly int[] Limits = [1, 10, CocoMatching.MostDetections];

    // By size and threshold; of the recall also by the limit of detections.
    private readonly double[,][] _precision;
    private readonly double[,,] _recall;

    private CocoClassResult(long label, string name, int objects, double[,][] precision, double[,,] recall) =>
        (Label, Name, Objects, _precision, _recall) = (label, name, objects, precision, recall);

    /// <summary>The category's id; −1 where the classes were taken together.</summary>
    public long Label { get; }

    /// <summary>The category's name, or its id where it has none.</summary>
    public string Name { get; }

    /// <summary>The number of objects that should be found.</summary>
    public int Objects { get; }

    /// <summary>The mean over the thresholds.</summary>
    public double AveragePrecision => Precision(ObjectSize.All);

    /// <summary>At an overlap of 0.5.</summary>
    public double AveragePrecision50 => Precision(ObjectSize.All, 0);

    /// <summary>At an overlap of 0.75.</summary>
    public double AveragePrecision75 => Precision(ObjectSize.All, 5);

    /// <summary>The mean over the thresholds, of up to 100 detections in a picture.</summary>
    public double AverageRecall => Recall(ObjectSize.All, 2);

    /// <summary>The curve behind the average precision: the precision at the recalls 0, 0.01 ... 1, of up to 100 detections in a picture.</summary>
    /// <param name="threshold">The threshold of overlap: 0 for 0.5, 1 for 0.55 ... 9 for 0.95.</param>
    /// <param name="size">All sizes by default.</param>
    /// <returns>101 numbers; empty where there is no object of the size.</returns>
    public IReadOnlyList<double> PrecisionCurve(int threshold = 0, ObjectSize size = ObjectSize.All)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(threshold, CocoMatching.Thresholds.Length);
        return _precision[(int)size, threshold];
    }

    /// <summary>The mean precision at one threshold or, where it is negative, over all.</summary>
    internal double Precision(ObjectSize size, int threshold = -1) =>
        Mean(threshold, t => _precision[(int)size, t] is { Length: > 0 } curve ? curve.Average() : double.NaN);

    /// <summary>The mean of the highest recall over the thresholds; the limit is the place of 1, 10 and 100 in this order.</summary>
    internal double Recall(ObjectSize size, int limit) => Mean(-1, t => _recall[(int)size, t, limit]);

    internal static CocoClassResult Of(long label, string name, IReadOnlyList<CocoMatching> pictures)
    {
        var thresholds = CocoMatching.Thresholds.Length;
        var precision = new double[CocoMatching.Sizes, thresholds][];
        var recall = new double[CocoMatching.Sizes, thresholds, Limits.Length];
        for (var limit = 0; limit < Limits.Length; limit++)
        {
            var sorted = pictures
                .SelectMany(picture => picture.Scores.Take(Limits[limit]).Select((score, i) => (Score: score, Picture: picture, Index: i)))
                .OrderByDescending(one => one.Score).ToArray();
            for (var size = 0; size < CocoMatching.Sizes; size++)
            {
                var objects = pictures.Sum(picture => picture.Counted[size]);
                for (var t = 0; t < thresholds; t++)
                {
                    // 2 for a find, 1 for a mistake, 0 for what does not count.
                    var marks = Array.ConvertAll(sorted, one =>
                        ((one.Picture.Found[size][one.Index] >> t) & 1) != 0 ? 2 : 1 - ((one.Picture.Ignored[size][one.Index] >> t) & 1));
                    recall[size, t, limit] = objects == 0 ? double.NaN : (double)marks.Count(mark => mark == 2) / objects;
                    if (Limits[limit] == CocoMatching.MostDetections)
                        precision[size, t] = objects == 0 ? [] : Curve(marks, objects);
                }
            }
        }

        return new(label, name, pictures.Sum(picture => picture.Counted[0]), precision, recall);
    }

    /// <summary>The best precision at each recall or a higher one.</summary>
    private static double[] Curve(int[] marks, int objects)
    {
        var (recalls, precisions) = (new double[marks.Length], new double[marks.Length]);
        var (hits, mistakes) = (0, 0);
        for (var i = 0; i < marks.Length; i++)
        {
            hits += marks[i] == 2 ? 1 : 0;
            mistakes += marks[i] == 1 ? 1 : 0;
            (recalls[i], precisions[i]) = ((double)hits / objects, hits / (mistakes + hits + Epsilon));
        }

        for (var i = marks.Length - 1; i > 0; i--)
            precisions[i - 1] = Math.Max(precisions[i - 1], precisions[i]);
        var curve = new double[Points];
        var at = 0;
        for (var point = 0; point < Points; point++)
        {
            var wanted = point == Points - 1 ? 1 : point * 0.01;
            while (at < marks.Length && recalls[at] < wanted)
                at++;
            curve[point] = at < marks.Length ? precisions[at] : 0;
        }

        return curve;
    }

    private static double Mean(int threshold, Func<int, double> figure) =>
        threshold >= 0 ? figure(threshold) : Enumerable.Range(0, CocoMatching.Thresholds.Length).Average(figure);
}
