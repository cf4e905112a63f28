using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>
/// The squared L2 distance of each prototype to the nearest patch of each image, and where that patch is. Distances of all patches exist for a few images at a
/// time; the gradient, which the nearest patch alone gets, is scattered. Features lie as [N, H, W, C], prototypes as [P, h, w, C], in single precision.
/// </summary>
internal sealed unsafe class NearestPatches
{
    /// <summary>Numbers of a tile of distances: about half a second-level cache.</summary>
    private const long TileNumbers = 128 * 1024;

    private readonly int _images, _height, _width, _channels, _prototypes, _patchHeight, _patchWidth;

    /// <param name="features">[N, H, W, C].</param>
    /// <param name="prototypes">[P, h, w, C].</param>
    internal NearestPatches(Tensor features, Tensor prototypes)
    {
        var (maps, patches) = (features.shape, prototypes.shape);
        (_images, _height, _width, _channels) = ((int)maps[0], (int)maps[1], (int)maps[2], (int)maps[3]);
        (_prototypes, _patchHeight, _patchWidth) = ((int)patches[0], (int)patches[1], (int)patches[2]);
    }

    private int Columns => _width - _patchWidth + 1;

    private int Places => (_height - _patchHeight + 1) * Columns;

    private int PatchRun => _patchWidth * _channels;

    private int PatchLength => _patchHeight * PatchRun;

    /// <summary>Writes distances, not below 0, and places (row × columns + column), both [N, P].</summary>
    /// <param name="features">As for the constructor, contiguous.</param>
    /// <param name="prototypes">As for the constructor, contiguous.</param>
    /// <param name="distances">Where they go.</param>
    /// <param name="places">Where they go; of equally near patches the first.</param>
    /// <param name="imagesPerTile">How many images share a product; 0 for as many as pay. One makes an image's numbers independent of its batch.</param>
    internal void Forward(Tensor features, Tensor prototypes, float* distances, int* places, int imagesPerTile = 0)
    {
        if (_images == 0 || _prototypes == 0) return;
        var perTile = (int)Math.Clamp(imagesPerTile > 0 ? imagesPerTile : TileNumbers / Math.Max(1, (long)Places * _prototypes), 1, _images);
        var x = features.Address<float>();
        var (norms, prototypeNorms) = (PatchNorms(x), Norms(prototypes.Address<float>(), _prototypes, PatchLength));
        using var scope = NewDisposeScope();
        using var columns = prototypes.view(_prototypes, PatchLength).t();
        var whole = _patchHeight == 1 && _patchWidth == 1;
        var rows = whole ? features.view(-1, _channels) : empty([(long)perTile * Places, PatchLength]);
        var tile = empty([(long)perTile * Places, _prototypes]);
        var products = tile.Address<float>();
        for (var first = 0; first < _images; first += perTile)
        {
            var count = Math.Min(perTile, _images - first);
            if (!whole) Unfold(x, first, count, rows.Address<float>());
            using (var patches = rows.narrow(0, whole ? (long)first * Places : 0, (long)count * Places))
            using (var part = tile.narrow(0, 0, (long)count * Places))
                part.addmm_(patches, columns, beta: 0, alpha: -2);
            var start = first;
            RowParallel.For(_prototypes, (long)count * Places, (from, to) =>
            {
                for (var image = 0; image < count; image++)
                {
                    var at = (long)(start + image) * _prototypes;
                    Reduce(products + ((long)image * Places * _prototypes), norms.AsSpan((start + image) * Places, Places), prototypeNorms,
                        (int)from, (int)to, distances + at, places + at);
                }
            });
        }
    }

    /// <summary>Writes the gradient of features, [N, H, W, C]. A place below 0 has none.</summary>
    internal void FeatureGradient(float* features, float* prototypes, int* places, float* upstream, float* gradient)
    {
        RowParallel.For(_images, (long)_prototypes * PatchLength, (from, to) =>
        {
            var weights = new float[_height * _width];
            for (var image = from; image < to; image++)
            {
                var length = _height * _width * _channels;
                var g = gradient + (image * length);
                var x = features + (image * length);
                weights.AsSpan().Clear();
                new Span<float>(g, length).Clear();
                for (var j = 0; j < _prototypes; j++)
                {
                    var (place, up) = (places[(image * _prototypes) + j], 2 * upstream[(image * _prototypes) + j]);
                    if (place < 0 || up == 0) continue;
                    var corner = (place / Columns * _width) + (place % Columns);
                    for (var row = 0; row < _patchHeight; row++, corner += _width)
                    {
                        for (var column = 0; column < _patchWidth; column++) weights[corner + column] += up;
                        Add(-up, prototypes + ((long)j * PatchLength) + (row * PatchRun), g + ((long)corner * _channels), PatchRun);
                    }
                }

                for (var pixel = 0; pixel < weights.Length; pixel++)
                    if (weights[pixel] != 0)
                        Add(weights[pixel], x + ((long)pixel * _channels), g + ((long)pixel * _channels), _channels);
            }
        });
    }

    /// <summary>Writes the gradient of prototypes, [P, h, w, C]. A place below 0 has none.</summary>
    internal void PrototypeGradient(float* features, float* prototypes, int* places, float* upstream, float* gradient)
    {
        RowParallel.For(_prototypes, (long)_images * PatchLength, (from, to) =>
        {
            for (var j = from; j < to; j++)
            {
                var g = gradient + (j * PatchLength);
                new Span<float>(g, PatchLength).Clear();
                var weight = 0f;
                for (var image = 0L; image < _images; image++)
                {
                    var (place, up) = (places[(image * _prototypes) + j], 2 * upstream[(image * _prototypes) + j]);
                    if (place < 0 || up == 0) continue;
                    weight += up;
                    var corner = (image * _height * _width) + (place / Columns * _width) + (place % Columns);
                    for (var row = 0; row < _patchHeight; row++, corner += _width)
                        Add(-up, features + (corner * _channels), g + (row * PatchRun), PatchRun);
                }

                Add(weight, prototypes + (j * PatchLength), g, PatchLength);
            }
        });
    }

    /// <summary>The least of norm + product over the places, for prototypes from one to another; rows of products are places.</summary>
    private void Reduce(float* products, ReadOnlySpan<float> norms, float[] prototypeNorms, int from, int to, float* distances, int* places)
    {
        var j = from;
        for (; j + Vector<float>.Count <= to; j += Vector<float>.Count)
        {
            var (best, where) = (new Vector<float>(float.PositiveInfinity), Vector<int>.Zero);
            for (var place = 0; place < norms.Length; place++)
            {
                var value = Vector.Load(products + ((long)place * _prototypes) + j) + new Vector<float>(norms[place]);
                var nearer = Vector.LessThan(value, best);
                best = Vector.ConditionalSelect(nearer, value, best);
                where = Vector.ConditionalSelect(nearer, new Vector<int>(place), where);
            }

            Vector.Max(best + new Vector<float>(prototypeNorms, j), Vector<float>.Zero).Store(distances + j);
            where.Store(places + j);
        }

        for (; j < to; j++)
        {
            var (best, where) = (float.PositiveInfinity, 0);
            for (var place = 0; place < norms.Length; place++)
            {
                var value = products[((long)place * _prototypes) + j] + norms[place];
                if (value < best) (best, where) = (value, place);
            }

            (distances[j], places[j]) = (MathF.Max(best + prototypeNorms[j], 0), where);
        }
    }

    private void Unfold(float* x, int first, int count, float* rows)
    {
        RowParallel.For((long)count * Places, PatchLength, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var (image, place) = (first + (row / Places), row % Places);
                var corner = (image * _height * _width) + (place / Columns * _width) + (place % Columns);
                for (var line = 0; line < _patchHeight; line++)
                    new ReadOnlySpan<float>(x + ((corner + ((long)line * _width)) * _channels), PatchRun)
                        .CopyTo(new Span<float>(rows + (row * PatchLength) + (line * PatchRun), PatchRun));
            }
        });
    }

    /// <summary>Σ x² of each patch of each image.</summary>
    private float[] PatchNorms(float* x)
    {
        var pixels = Norms(x, _images * _height * _width, _channels);
        if (_patchHeight == 1 && _patchWidth == 1) return pixels;
        var norms = new float[_images * Places];
        for (var i = 0; i < norms.Length; i++)
        {
            var (image, place) = (i / Places, i % Places);
            var corner = (image * _height * _width) + (place / Columns * _width) + (place % Columns);
            for (var row = 0; row < _patchHeight; row++)
                for (var column = 0; column < _patchWidth; column++)
                    norms[i] += pixels[corner + (row * _width) + column];
        }

        return norms;
    }

    private static float[] Norms(float* rows, int count, int length)
    {
        var norms = new float[count];
        for (var i = 0; i < count; i++)
        {
            var row = new ReadOnlySpan<float>(rows + ((long)i * length), length);
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
            var sums = Vector<float>.Zero;
            foreach (var vector in vectors) sums += vector * vector;
            norms[i] = Vector.Sum(sums);
            foreach (var value in row[(vectors.Length * Vector<float>.Count)..]) norms[i] += value * value;
        }

        return norms;
    }

    /// <summary>to += factor × from.</summary>
    private static void Add(float factor, float* from, float* to, int length)
    {
        var (i, factors) = (0, new Vector<float>(factor));
        for (; i + Vector<float>.Count <= length; i += Vector<float>.Count)
            Vector.MultiplyAddEstimate(factors, Vector.Load(from + i), Vector.Load(to + i)).Store(to + i);
        for (; i < length; i++) to[i] += factor * from[i];
    }
}
