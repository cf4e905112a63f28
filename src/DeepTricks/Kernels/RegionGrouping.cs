using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeepTricks.Detection;

namespace DeepTricks.Kernels;

/// <summary>Merges the two most similar neighbours until one region is left (Uijlings et al., 2013, algorithm 1). Equal similarities merge in the order of their numbers.</summary>
internal sealed class RegionGrouping
{
    private readonly RegionTable _table;
    private readonly RegionSimilarities _similarities;
    private readonly float _pixels;
    private readonly int[] _sizes;
    private readonly (int Left, int Top, int Right, int Bottom)[] _boxes;
    private readonly float[] _colors, _textures;
    private readonly HashSet<int>?[] _neighbours;
    private readonly PriorityQueue<(int A, int B), (float Distance, int A, int B)> _queue = new();

    private RegionGrouping(RegionTable table, RegionSimilarities similarities, int pixels)
    {
        (_table, _similarities, _pixels) = (table, similarities, pixels);
        var nodes = (2 * table.Count) - 1;
        _sizes = Extended(table.Sizes, nodes);
        _boxes = Extended(table.Boxes, nodes);
        _colors = Extended(table.Colors, nodes * table.ColorLength);
        _textures = Extended(table.Textures, nodes * table.TextureLength);
        _neighbours = new HashSet<int>?[nodes];
        for (var i = 0; i < table.Count; i++) _neighbours[i] = [.. table.Neighbours[i]];
    }

    /// <summary>The boxes of all regions of the hierarchy: the first ones', then those of the merged ones, the whole picture last.</summary>
    public static (int Left, int Top, int Right, int Bottom)[] Boxes(RegionTable table, RegionSimilarities similarities, int pixels)
    {
        var grouping = new RegionGrouping(table, similarities, pixels);
        grouping.Merge();
        return grouping._boxes;
    }

    private void Merge()
    {
        for (var a = 0; a < _table.Count; a++)
            foreach (var b in _neighbours[a]!)
                if (a < b) Enqueue(a, b);
        for (var merged = _table.Count; merged < _sizes.Length;)
        {
            var (a, b) = _queue.Dequeue();
            // Pairs of regions that have merged with others meanwhile stay in the queue; they are recognised when they come.
            if (_neighbours[a] is not { } first || _neighbours[b] is not { } second) continue;
            first.UnionWith(second);
            first.Remove(a);
            first.Remove(b);
            (_neighbours[a], _neighbours[b], _neighbours[merged]) = (null, null, first);
            Describe(merged, a, b);
            foreach (var other in first)
            {
                var around = _neighbours[other]!;
                around.Remove(a);
                around.Remove(b);
                around.Add(merged);
                Enqueue(other, merged);
            }

            merged++;
        }
    }

    private void Describe(int merged, int a, int b)
    {
        _sizes[merged] = _sizes[a] + _sizes[b];
        _boxes[merged] = Around(_boxes[a], _boxes[b]);
        var part = (float)_sizes[a] / _sizes[merged];
        Mix(Row(_colors, a, _table.ColorLength), Row(_colors, b, _table.ColorLength), part, Row(_colors, merged, _table.ColorLength));
        Mix(Row(_textures, a, _table.TextureLength), Row(_textures, b, _table.TextureLength), part, Row(_textures, merged, _table.TextureLength));
    }

    private void Enqueue(int a, int b) => _queue.Enqueue((a, b), (-Similarity(a, b), a, b));

    private float Similarity(int a, int b)
    {
        var sum = 0f;
        if (_similarities.HasFlag(RegionSimilarities.Color)) sum += Intersection(Row(_colors, a, _table.ColorLength), Row(_colors, b, _table.ColorLength));
        if (_similarities.HasFlag(RegionSimilarities.Texture)) sum += Intersection(Row(_textures, a, _table.TextureLength), Row(_textures, b, _table.TextureLength));
        var taken = _sizes[a] + _sizes[b];
        if (_similarities.HasFlag(RegionSimilarities.Size)) sum += 1 - (taken / _pixels);
        if (_similarities.HasFlag(RegionSimilarities.Fill))
        {
            var box = Around(_boxes[a], _boxes[b]);
            sum += 1 - ((((box.Right - box.Left) * (box.Bottom - box.Top)) - taken) / _pixels);
        }

        return sum;
    }

    private static (int Left, int Top, int Right, int Bottom) Around((int Left, int Top, int Right, int Bottom) a, (int Left, int Top, int Right, int Bottom) b) =>
        (Math.Min(a.Left, b.Left), Math.Min(a.Top, b.Top), Math.Max(a.Right, b.Right), Math.Max(a.Bottom, b.Bottom));

    private static Span<float> Row(float[] rows, int row, int length) => rows.AsSpan(row * length, length);

    private static T[] Extended<T>(T[] values, int length)
    {
        Array.Resize(ref values, length);
        return values;
    }

    /// <summary>Σ min(a, b). The vectors have a fixed width, so that the order of the additions, and with it the result, is the same on every machine.</summary>
    private static float Intersection(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector256<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector256<float>>(b);
        var sums = Vector256<float>.Zero;
        for (var i = 0; i < left.Length; i++) sums += Vector256.MinNative(left[i], right[i]);
        var sum = Vector256.Sum(sums);
        for (var i = left.Length * Vector256<float>.Count; i < a.Length; i++) sum += MathF.Min(a[i], b[i]);
        return sum;
    }

    private static void Mix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float part, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++) target[i] = (part * a[i]) + ((1 - part) * b[i]);
    }
}
