using DeepTricks.Data;

namespace DeepTricks.Detection;

/// <summary>
/// Average precision as PASCAL VOC defines it (Everingham et al., "The PASCAL Visual Object Classes Challenge", 2010): each detection, from the
/// surest on, goes to the object that it overlaps most; objects that are difficult count for nothing. Pictures come in any order and any
/// number at a time. Equal to the Python evaluation of py-faster-rcnn and detectron2.
/// </summary>
public sealed class VocEvaluator(VocEvaluatorOptions? options = null)
{
    private const double Epsilon = 2.220446049250313e-16;
    private readonly VocEvaluatorOptions _options = options ?? new();
    private readonly SortedDictionary<long, List<(double Score, Mark Mark, long Label)>> _images = [];
    private readonly Dictionary<long, int> _objects = [];

    private enum Mark
    {
        Mistake,
        Find,
        Nothing,
    }

    /// <summary>The number of pictures so far.</summary>
    public int Images => _images.Count;

    /// <summary>Matches the detections of a picture with its objects, by their boxes.</summary>
    /// <param name="image">A number of the picture's own. Of equal scores, those in the picture of the lowest number come first.</param>
    /// <param name="truth">All objects in the picture; none is fine.</param>
    /// <param name="found">The detections, in any order; none is fine.</param>
    /// <exception cref="ArgumentException">This picture came before, or a score is NaN.</exception>
    public void Add(long image, IReadOnlyList<ObjectAnnotation> truth, IReadOnlyList<DetectedObject> found)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        if (_images.ContainsKey(image))
            throw new ArgumentException($"Picture {image} came before.", nameof(image));
        for (var i = 0; i < found.Count; i++)
            if (double.IsNaN(found[i].Score))
                throw new ArgumentException($"The score of detection {i} is NaN.", nameof(found));

        List<(double, Mark, long)> marks = [];
        var taken = new bool[truth.Count];
        foreach (var one in found.OrderByDescending(one => one.Score))
        {
            var (best, most) = (-1, _options.Threshold);
            for (var g = 0; g < truth.Count; g++)
            {
                if (truth[g].Label == one.Label && one.Box.IntersectionOverUnion(truth[g].Box) is var overlap && overlap > most)
                    (best, most) = (g, overlap);
            }

            marks.Add((one.Score, best >= 0 && truth[best].IsDifficult ? Mark.Nothing : best >= 0 && !taken[best] ? Mark.Find : Mark.Mistake, one.Label));
            if (best >= 0)
                taken[best] = true;
        }

        _images.Add(image, marks);
        foreach (var one in truth.Where(one => !one.IsDifficult))
            _objects[one.Label] = _objects.GetValueOrDefault(one.Label) + 1;
    }

    /// <summary>Matches what a model found in a picture with the objects it is trained with. Waits for the device.</summary>
    /// <param name="image">A number of the picture's own.</param>
    /// <param name="truth">The objects.</param>
    /// <param name="found">The detections.</param>
    /// <exception cref="ArgumentException">This picture came before, or a score is NaN.</exception>
    public void Add(long image, DetectionTarget truth, Detections found)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        Add(image, ObjectAnnotation.FromTensors(truth.Boxes, truth.Labels), DetectedObject.FromTensors(found.Boxes, found.Labels, found.Scores));
    }

    /// <summary>The figures over all pictures so far.</summary>
    public VocResult Compute()
    {
        var names = _options.Categories.ToDictionary(category => category.Id, category => category.Name);
        var marks = _images.Values.SelectMany(picture => picture).ToLookup(one => one.Label);
        return new([.. _objects.OrderBy(pair => pair.Key).Select(pair =>
        {
            var (label, objects) = pair;
            var sorted = marks[label].OrderByDescending(one => one.Score).Select(one => one.Mark).ToArray();
            var (recalls, precisions) = Curve(sorted, objects);
            var average = _options.ElevenPoints ? ElevenPoints(recalls, precisions) : Area(recalls, precisions);
            return new VocClassResult(label, names.GetValueOrDefault(label, $"{label}"), objects, average, recalls, precisions);
        })]);
    }

    /// <summary>Forgets all pictures.</summary>
    public void Reset()
    {
        _images.Clear();
        _objects.Clear();
    }

    private static (double[] Recalls, double[] Precisions) Curve(Mark[] marks, int objects)
    {
        var (recalls, precisions) = (new double[marks.Length], new double[marks.Length]);
        var (hits, mistakes) = (0, 0);
        for (var i = 0; i < marks.Length; i++)
        {
            hits += marks[i] == Mark.Find ? 1 : 0;
            mistakes += marks[i] == Mark.Mistake ? 1 : 0;
            (recalls[i], precisions[i]) = ((double)hits / objects, hits / Math.Max(hits + mistakes, Epsilon));
        }

        return (recalls, precisions);
    }

    private static double ElevenPoints(double[] recalls, double[] precisions)
    {
        var sum = 0.0;
        for (var point = 0; point <= 10; point++)
        {
            var best = 0.0;
            for (var i = 0; i < recalls.Length; i++)
                best = recalls[i] >= point * 0.1 ? Math.Max(best, precisions[i]) : best;
            sum += best / 11;
        }

        return sum;
    }

    /// <summary>The area under the best precision at each recall or a higher one.</summary>
    private static double Area(double[] recalls, double[] precisions)
    {
        var (area, best) = (0.0, 0.0);
        for (var i = recalls.Length - 1; i >= 0; i--)
        {
            best = Math.Max(best, precisions[i]);
            area += (recalls[i] - (i == 0 ? 0 : recalls[i - 1])) * best;
        }

        return area;
    }
}
