using DeepTricks.Data;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Finds the patches nearest to each prototype in all images, at most one of each image, as the authors' <c>find_nearest</c> does. What a prototype stands for shows in
/// them, and <see cref="PrototypePruning"/> goes by their classes.
/// </summary>
public sealed class NearestPatchSearch
{
    private readonly ProtoPNet _model;
    private readonly List<NearestPatch>[] _nearest;

    /// <summary>Starts a search.</summary>
    /// <param name="model">The network; it is not changed.</param>
    /// <param name="count">How many patches are kept of each prototype, at least 1.</param>
    public NearestPatchSearch(ProtoPNet model, int count)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_model, Count) = (model, count);
        _nearest = [.. model.PrototypeClasses.Select(_ => new List<NearestPatch>(count))];
    }

    /// <summary>How many patches are kept of each prototype.</summary>
    public int Count { get; }

    /// <summary>For each prototype its patches, the nearest first; of equally near ones the first given. Fewer than <see cref="Count"/> where there were fewer images.</summary>
    public IReadOnlyList<IReadOnlyList<NearestPatch>> Nearest => _nearest;

    /// <summary>Searches all images of a source, in evaluation mode; modes are put back.</summary>
    /// <param name="model">The network; it is not changed.</param>
    /// <param name="images">Images with classes; epoch 0 is taken.</param>
    /// <param name="count">How many patches are kept of each prototype, at least 1.</param>
    /// <param name="options">What is done to the images before; see <see cref="PrototypeSearchOptions"/> for the defaults.</param>
    /// <returns><see cref="Nearest"/>.</returns>
    /// <exception cref="ArgumentException">A batch has no classes, or a label is none.</exception>
    public static IReadOnlyList<IReadOnlyList<NearestPatch>> Run(ProtoPNet model, IBatchSource images, int count, PrototypeSearchOptions? options = null)
    {
        var search = new NearestPatchSearch(model, count);
        PrototypeImages.Each(model, images, options?.Preprocess, (batch, features) => search.Add(features, batch.Target!, batch.Indices.Span));
        return search.Nearest;
    }

    /// <summary>Looks at the feature maps of images.</summary>
    /// <param name="features">What <see cref="ProtoPNet.Features"/> gives for them in evaluation mode, [N, C, H, W].</param>
    /// <param name="labels">Their classes, [N], int64.</param>
    /// <param name="indices">Their indices in the dataset, N.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a label is no class.</exception>
    public void Add(Tensor features, Tensor labels, ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();
        var (least, where) = PrototypeDistance.Nearest(features, _model.Prototypes);
        if (features.size(0) != indices.Length) throw new ArgumentException($"Expected {features.size(0)} indices, and {indices.Length} came.", nameof(indices));
        var classes = PrototypeImages.Labels(labels, indices.Length, _model.NumClasses);
        var columns = (int)(features.size(3) - _model.Prototypes.size(3) + 1);
        var (distances, places) = (least.to(ScalarType.Float32).cpu().Values<float>(), where.cpu().Values<int>());
        for (var image = 0; image < classes.Length; image++)
        {
            for (var prototype = 0; prototype < _nearest.Length; prototype++)
            {
                var nearest = _nearest[prototype];
                var at = (image * _nearest.Length) + prototype;
                if (nearest.Count == Count && !(distances[at] < nearest[^1].Distance)) continue;
                if (nearest.Count == Count) nearest.RemoveAt(Count - 1);
                var place = nearest.Count;
                while (place > 0 && distances[at] < nearest[place - 1].Distance) place--;
                var (row, column) = Math.DivRem(places[at], columns);
                nearest.Insert(place, new(indices[image], classes[image], row, column, distances[at]));
            }
        }
    }
}
