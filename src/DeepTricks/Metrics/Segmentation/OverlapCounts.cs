namespace DeepTricks.Metrics;

/// <summary>The pixels of each class in the prediction, in the truth and in both; and of all, how many are right.</summary>
internal sealed record OverlapCounts(long[] Both, long[] Predicted, long[] Truth, long Right, long Pixels)
{
    internal int Classes => Both.Length;

    /// <summary>From a matrix whose rows are of the truth and whose columns are of the prediction.</summary>
    internal static OverlapCounts Of(ReadOnlySpan<long> matrix, int classes)
    {
        var (both, predicted, truth) = (new long[classes], new long[classes], new long[classes]);
        for (var row = 0; row < classes; row++)
        {
            both[row] = matrix[(row * classes) + row];
            for (var column = 0; column < classes; column++)
            {
                truth[row] += matrix[(row * classes) + column];
                predicted[column] += matrix[(row * classes) + column];
            }
        }

        return new(both, predicted, truth, both.Sum(), truth.Sum());
    }

    internal static OverlapCounts Sum(IReadOnlyList<OverlapCounts> all, int classes)
    {
        var (both, predicted, truth) = (new long[classes], new long[classes], new long[classes]);
        foreach (var one in all)
        {
            for (var c = 0; c < classes; c++)
                (both[c], predicted[c], truth[c]) = (both[c] + one.Both[c], predicted[c] + one.Predicted[c], truth[c] + one.Truth[c]);
        }

        return new(both, predicted, truth, all.Sum(one => one.Right), all.Sum(one => one.Pixels));
    }
}
