using DeepTricks.Data;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Projection ("push"): each prototype becomes the patch nearest to it of the images of its class, so that it can be shown. Give all images, in any batches, and
/// complete it; <see cref="Run"/> does both.
/// </summary>
/// <remarks>
/// The distances are sums of squared differences in single precision on the CPU, so that neither the batches nor cancellation decide; of equally near patches the
/// first one given counts. Give images as they are, not augmented.
/// </remarks>
public sealed class PrototypeProjection : IDisposable
{
    private readonly ProtoPNet _model;
    private readonly PrototypeSearchOptions _options;
    private readonly Tensor _prototypes, _patches;
    private readonly List<int>[] _ofClass;
    private readonly Found?[] _found;
    private readonly bool[] _seen;

    /// <summary>Starts a projection.</summary>
    /// <param name="model">The network; <see cref="Complete"/> changes its prototypes, and nothing changes anything else.</param>
    /// <param name="options">How to search; see <see cref="PrototypeSearchOptions"/> for the defaults.</param>
    public PrototypeProjection(ProtoPNet model, PrototypeSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _options = options ?? new();
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        _prototypes = PrototypeImages.Single(model.Prototypes).clone().DetachFromDisposeScope();
        _patches = zeros(model.Prototypes.shape, dtype: model.Prototypes.dtype).DetachFromDisposeScope();
        _ofClass = [.. Enumerable.Range(0, model.NumClasses).Select(_ => new List<int>())];
        for (var prototype = 0; prototype < model.PrototypeClasses.Count; prototype++) _ofClass[model.PrototypeClasses[prototype]].Add(prototype);
        _found = new Found?[model.PrototypeClasses.Count];
        _seen = new bool[model.NumClasses];
    }

    private sealed record Found(long Image, long ImageClass, int Place, float Distance, ActivationSize Size)
    {
        internal float[] Distances { get; set; } = [];
    }

    private readonly record struct ActivationSize(int Rows, int Columns, int ImageHeight, int ImageWidth);

    /// <summary>Projects onto all images of a source, in evaluation mode; modes are put back.</summary>
    /// <param name="model">The network, whose prototypes become the patches.</param>
    /// <param name="images">Images with classes; epoch 0 is taken.</param>
    /// <param name="options">How to search; see <see cref="PrototypeSearchOptions"/> for the defaults.</param>
    /// <returns>Where each prototype comes from.</returns>
    /// <exception cref="InvalidOperationException">A class has prototypes and no images. The prototypes are as before.</exception>
    /// <exception cref="ArgumentException">A batch has no classes, or a label is none.</exception>
    public static IReadOnlyList<PrototypeSource> Run(ProtoPNet model, IBatchSource images, PrototypeSearchOptions? options = null)
    {
        using var projection = new PrototypeProjection(model, options);
        PrototypeImages.Each(model, images, projection._options.Preprocess, (batch, features) =>
            projection.Add(features, batch.Target!, batch.Indices.Span, (int)batch.Input.size(2), (int)batch.Input.size(3)));
        return projection.Complete();
    }

    /// <summary>Looks at the feature maps of images.</summary>
    /// <param name="features">What <see cref="ProtoPNet.Features"/> gives for them in evaluation mode, [N, C, H, W].</param>
    /// <param name="labels">Their classes, [N], int64.</param>
    /// <param name="indices">Their indices in the dataset, N.</param>
    /// <param name="height">The rows of the images.</param>
    /// <param name="width">The columns of the images.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a label is no class.</exception>
    public void Add(Tensor features, Tensor labels, ReadOnlySpan<long> indices, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 4 || features.size(0) != indices.Length || features.size(1) != _patches.size(1) || features.size(2) < _patches.size(2) || features.size(3) < _patches.size(3))
            throw new ArgumentException($"Expected features [{indices.Length}, {_patches.size(1)}, H, W] no smaller than a prototype, and {features.ShapeText()} came.", nameof(features));
        var classes = PrototypeImages.Labels(labels, indices.Length, _model.NumClasses);
        foreach (var label in classes) _seen[label] = true;

        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var host = features.detach().cpu().contiguous();
        var single = host.to(ScalarType.Float32);
        var size = new ActivationSize((int)(host.size(2) - _patches.size(2) + 1), (int)(host.size(3) - _patches.size(3) + 1), height, width);
        var nearer = _options.ClassSpecific ? OwnClasses(single, classes, indices, size) : AllClasses(features, single, classes, indices, size);
        foreach (var (prototype, row) in nearer)
        {
            var (y, x) = Math.DivRem(_found[prototype]!.Place, size.Columns);
            _patches[prototype].copy_(host[row].narrow(1, y, _patches.size(2)).narrow(2, x, _patches.size(3)));
        }
    }

    /// <summary>Puts the patches found in the place of the prototypes.</summary>
    /// <returns>Where each prototype comes from.</returns>
    /// <exception cref="InvalidOperationException">A class has prototypes and no images, or features that are not finite. The prototypes are as before.</exception>
    public IReadOnlyList<PrototypeSource> Complete()
    {
        int[] without = [.. Enumerable.Range(0, _found.Length).Where(prototype => _found[prototype] is null).Select(prototype => _model.PrototypeClasses[prototype]).Distinct()];
        int[] absent = [.. without.Where(index => !_seen[index])];
        if (absent.Length > 0)
            throw new InvalidOperationException($"No images came of the classes {string.Join(", ", absent)}, which have prototypes: these have nothing to be projected onto.");
        if (without.Length > 0)
            throw new InvalidOperationException($"The features of the images of the classes {string.Join(", ", without)} are not finite.");

        using var ungraded = no_grad();
        _model.Prototypes.copy_(_patches);
        var sources = new PrototypeSource[_found.Length];
        var activations = PrototypeImages.Activations(_model.Similarity, [.. _found.Select(found => found!.Distances)]);
        RowParallel.Each(sources.Length, (long)_found[0]!.Size.ImageHeight * _found[0]!.Size.ImageWidth, prototype => sources[prototype] = Source(prototype, activations[prototype]));
        return sources;
    }

    /// <summary>Drops what was found.</summary>
    public void Dispose()
    {
        _prototypes.Dispose();
        _patches.Dispose();
    }

    private PrototypeSource Source(int prototype, float[] activation)
    {
        var found = _found[prototype]!;
        var map = new PrototypeActivation(activation, found.Size.Rows, found.Size.Columns);
        var (row, column) = Math.DivRem(found.Place, found.Size.Columns);
        return new()
        {
            Prototype = prototype,
            Class = _model.PrototypeClasses[prototype],
            Image = found.Image,
            ImageClass = found.ImageClass,
            Row = row,
            Column = column,
            Distance = found.Distance,
            Box = map.Box(found.Size.ImageHeight, found.Size.ImageWidth, _options.Percentile),
            ReceptiveField = PrototypeImages.Seen(_model, row, column, found.Size.ImageHeight, found.Size.ImageWidth),
            Activation = map,
        };
    }

    /// <summary>Prototypes against the images of their class; gives those that came nearer, and the row of the batch.</summary>
    private Dictionary<int, int> OwnClasses(Tensor features, long[] classes, ReadOnlySpan<long> indices, ActivationSize size)
    {
        var nearer = new Dictionary<int, int>();
        var (maps, patch) = (new float[_found.Length][], new float[_found.Length]);
        var all = indices.ToArray();
        // A class is one thread's, which meets its images in their order.
        long[] present = [.. classes.Distinct().Where(index => _ofClass[index].Count > 0)];
        var best = new (int Row, int Place, float Distance)[_found.Length];
        RowParallel.Each(present.Length, features.numel() / Math.Max(1, present.Length), i =>
        {
            var map = new float[size.Rows * size.Columns];
            foreach (var prototype in _ofClass[present[i]])
            {
                best[prototype] = (-1, 0, _found[prototype]?.Distance ?? float.PositiveInfinity);
                for (var row = 0; row < classes.Length; row++)
                {
                    if (classes[row] != present[i]) continue;
                    PrototypeImages.Distances(features, row, _prototypes, prototype, map);
                    var (place, distance) = Least(map);
                    if (!(distance < best[prototype].Distance)) continue;
                    best[prototype] = (row, place, distance);
                    (maps[prototype], map) = (map, maps[prototype] ?? new float[map.Length]);
                }
            }
        });
        foreach (var prototype in present.SelectMany(index => _ofClass[index]))
        {
            var (row, place, distance) = best[prototype];
            if (row < 0) continue;
            _found[prototype] = new(all[row], classes[row], place, distance, size) { Distances = maps[prototype] };
            nearer[prototype] = row;
        }

        return nearer;
    }

    /// <summary>Prototypes against all images.</summary>
    private Dictionary<int, int> AllClasses(Tensor features, Tensor single, long[] classes, ReadOnlySpan<long> indices, ActivationSize size)
    {
        var nearer = new Dictionary<int, int>();
        var (least, where) = PrototypeDistance.Nearest(features, _model.Prototypes);
        var (distances, places) = (least.to(ScalarType.Float32).cpu().Values<float>(), where.cpu().Values<int>());
        for (var row = 0; row < classes.Length; row++)
        {
            for (var prototype = 0; prototype < _found.Length; prototype++)
            {
                var at = (row * _found.Length) + prototype;
                if (!(distances[at] < (_found[prototype]?.Distance ?? float.PositiveInfinity))) continue;
                _found[prototype] = new(indices[row], classes[row], places[at], distances[at], size);
                nearer[prototype] = row;
            }
        }

        foreach (var (prototype, row) in nearer)
        {
            _found[prototype]!.Distances = new float[size.Rows * size.Columns];
            PrototypeImages.Distances(single, row, _prototypes, prototype, _found[prototype]!.Distances);
        }

        return nearer;
    }

    private static (int Place, float Distance) Least(float[] map)
    {
        var (place, least) = (0, float.PositiveInfinity);
        for (var i = 0; i < map.Length; i++)
            if (map[i] < least)
                (place, least) = (i, map[i]);
        return (place, least);
    }
}
