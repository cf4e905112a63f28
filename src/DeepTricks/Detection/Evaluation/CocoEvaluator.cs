using DeepTricks.Data;

namespace DeepTricks.Detection;

/// <summary>
/// Average precision and average recall as COCO computes them (Lin et al., "Microsoft COCO: Common Objects in Context", 2014), for boxes or
/// masks: ten thresholds of overlap, objects of three sizes, up to 1, 10 and 100 detections of a class in a picture, crowds and what is to be
/// ignored. Pictures come in any order and any number at a time; each is matched as it comes, and only the matches are kept. Equal to
/// <c>pycocotools.cocoeval</c>; objects that are difficult count for nothing, which there no file can say.
/// </summary>
/// <example><code>
/// var evaluator = new CocoEvaluator(new() { Overlap = OverlapKind.Masks });
/// for (var i = 0; i &lt; targets.Count; i++)
///     evaluator.Add(i, targets[i], output.Detections[i]);
/// Console.WriteLine(evaluator.Compute());
/// </code></example>
public sealed class CocoEvaluator(CocoEvaluatorOptions? options = null)
{
    private readonly CocoEvaluatorOptions _options = options ?? new();
    private readonly SortedDictionary<long, Dictionary<long, CocoMatching>> _images = [];

    /// <summary>The number of pictures so far.</summary>
    public int Images => _images.Count;

    /// <summary>Matches the detections of a picture with its objects.</summary>
    /// <param name="image">A number of the picture's own. Of equal scores, those in the picture of the lowest number come first.</param>
    /// <param name="truth">All objects in the picture; none is fine.</param>
    /// <param name="found">The detections, in any order; none is fine. Of each class the 100 of the highest scores count.</param>
    /// <exception cref="ArgumentException">This picture came before, a score is NaN, or masks are compared and one is missing or of another size.</exception>
    public void Add(long image, IReadOnlyList<ObjectAnnotation> truth, IReadOnlyList<DetectedObject> found)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        Check(image, truth, found);
        var (objects, detections) = (ByLabel(truth, one => one.Label), ByLabel(found, one => one.Label));
        _images.Add(image, objects.Select(group => group.Key).Union(detections.Select(group => group.Key)).ToDictionary(
            label => label, label => new CocoMatching([.. objects[label]], detections[label], _options.Overlap)));
    }

    /// <summary>Matches what a model found in a picture with the objects it is trained with. Waits for the device.</summary>
    /// <param name="image">A number of the picture's own.</param>
    /// <param name="truth">The objects; masks too, where masks are compared.</param>
    /// <param name="found">The detections; masks too, where masks are compared.</param>
    /// <param name="maskThreshold">A pixel is of the object where its probability is above this; 0.5 by default.</param>
    /// <exception cref="ArgumentException">This picture came before, a score is NaN, or masks are compared and there are none, or of another size.</exception>
    public void Add(long image, DetectionTarget truth, Detections found, double maskThreshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        var masks = _options.Overlap == OverlapKind.Masks;
        using var pixels = masks ? found.Masks?.gt(maskThreshold) : null;
        Add(image, ObjectAnnotation.FromTensors(truth.Boxes, truth.Labels, masks ? truth.Masks : null),
            DetectedObject.FromTensors(found.Boxes, found.Labels, found.Scores, pixels));
    }

    /// <summary>The figures over all pictures so far.</summary>
    public CocoResult Compute()
    {
        var classes = new SortedDictionary<long, List<CocoMatching>>();
        foreach (var picture in _images.Values)
        {
            foreach (var (label, matching) in picture)
            {
                if (!classes.TryGetValue(label, out var list))
                    classes.Add(label, list = []);
                list.Add(matching);
            }
        }

        var names = _options.Categories.ToDictionary(category => category.Id, category => category.Name);
        return new([.. classes
            .Select(pair => CocoClassResult.Of(pair.Key, names.GetValueOrDefault(pair.Key, $"{pair.Key}"), pair.Value))
            .Where(one => one.Objects > 0)]);
    }

    /// <summary>Forgets all pictures.</summary>
    public void Reset() => _images.Clear();

    private ILookup<long, T> ByLabel<T>(IEnumerable<T> all, Func<T, long> label) =>
        _options.ClassAgnostic ? all.OrderBy(label).ToLookup(_ => -1L) : all.ToLookup(label);

    private void Check(long image, IReadOnlyList<ObjectAnnotation> truth, IReadOnlyList<DetectedObject> found)
    {
        if (_images.ContainsKey(image))
            throw new ArgumentException($"Picture {image} came before.", nameof(image));
        for (var i = 0; i < found.Count; i++)
            if (double.IsNaN(found[i].Score))
                throw new ArgumentException($"The score of detection {i} is NaN.", nameof(found));
        if (_options.Overlap != OverlapKind.Masks)
            return;
        var first = truth.Select(one => one.Mask).Concat(found.Select(one => one.Mask)).FirstOrDefault(mask => mask is not null);
        for (var i = 0; i < truth.Count; i++)
            CheckMask(truth[i].Mask, $"object {i}", nameof(truth));
        for (var i = 0; i < found.Count; i++)
            CheckMask(found[i].Mask, $"detection {i}", nameof(found));

        void CheckMask(RunLengthMask? mask, string what, string name)
        {
            if (mask is null)
                throw new ArgumentException($"Masks are compared, and {what} of picture {image} has none.", name);
            if (mask.Height != first!.Height || mask.Width != first.Width)
                throw new ArgumentException($"The mask of {what} of picture {image} is {mask.Height} x {mask.Width}; another is {first.Height} x {first.Width}.", name);
        }
    }
}
