using DeepTricks.Data;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// For each sample another one of its class, drawn anew in each epoch: a function of the seed, the epoch and the sample alone, so that a resumed run draws alike. It may be the sample itself.
/// </summary>
public sealed class ClassPairs
{
    // Keeps the draws apart from those of an augmentation with the same seed.
    private const long Stream = 0x436C_6173_7350_6169;
    private readonly long[] _labels;
    private readonly Dictionary<long, long[]> _classes;
    private readonly long _seed;

    /// <summary>Reads the classes.</summary>
    /// <param name="labels">[N], int64: the class of each sample of the dataset.</param>
    /// <param name="seed">Any number.</param>
    public ClassPairs(Tensor labels, long seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.dim() != 1 || labels.dtype != ScalarType.Int64)
            throw new ArgumentException($"Expected labels [N] of int64; {labels.shape.ShapeText()} of {labels.dtype} came.", nameof(labels));
        using var onHost = labels.cpu();
        _labels = onHost.Values<long>();
        _classes = Enumerable.Range(0, _labels.Length).GroupBy(i => _labels[i]).ToDictionary(group => group.Key, group => group.Select(i => (long)i).ToArray());
        _seed = seed ^ Stream;
    }

    /// <summary>A partner of each sample.</summary>
    /// <param name="indices">The samples.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <returns>The partners, in the order of the samples.</returns>
    public long[] Partners(ReadOnlySpan<long> indices, int epoch)
    {
        var partners = new long[indices.Length];
        for (var i = 0; i < partners.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(indices[i], _labels.Length, nameof(indices));
            var same = _classes[_labels[indices[i]]];
            partners[i] = same[new SampleRandom(_seed, epoch, indices[i]).NextInt32(same.Length)];
        }
        return partners;
    }
}
