namespace DeepTricks.Metrics;

/// <summary>
/// What overlap says of each class, and means over the classes. Scores are from 0 to 1, and NaN where the policy leaves a class out; a mean is over
/// the classes that are not left out, and NaN where there is none.
/// </summary>
public sealed class SegmentationScores
{
    private readonly OverlapCounts _counts;
    private readonly EmptyClassPolicy _policy;
    private readonly int _first;

    internal SegmentationScores(OverlapCounts counts, EmptyClassPolicy policy, int first)
    {
        (_counts, _policy, _first) = (counts, policy, first);
        Dice = Ratios(c => 2 * counts.Both[c], c => counts.Predicted[c] + counts.Truth[c]);
        IntersectionOverUnion = Ratios(c => counts.Both[c], c => counts.Predicted[c] + counts.Truth[c] - counts.Both[c]);
        Precision = Ratios(c => counts.Both[c], c => counts.Predicted[c]);
        Recall = Ratios(c => counts.Both[c], c => counts.Truth[c]);
    }

    /// <summary>2 |prediction ∩ truth| / (|prediction| + |truth|), the F1 score, of each class.</summary>
    public IReadOnlyList<double> Dice { get; }

    /// <summary>|prediction ∩ truth| / |prediction ∪ truth|, the Jaccard index, of each class.</summary>
    public IReadOnlyList<double> IntersectionOverUnion { get; }

    /// <summary>|prediction ∩ truth| / |prediction| of each class.</summary>
    public IReadOnlyList<double> Precision { get; }

    /// <summary>|prediction ∩ truth| / |truth| of each class: its accuracy, or sensitivity.</summary>
    public IReadOnlyList<double> Recall { get; }

    /// <summary>The mean of <see cref="Dice"/>.</summary>
    public double MeanDice => Mean(Dice);

    /// <summary>mIoU: the mean of <see cref="IntersectionOverUnion"/>.</summary>
    public double MeanIntersectionOverUnion => Mean(IntersectionOverUnion);

    /// <summary>The mean of <see cref="Precision"/>.</summary>
    public double MeanPrecision => Mean(Precision);

    /// <summary>The mean of <see cref="Recall"/>: the accuracy of a class, mean over the classes.</summary>
    public double MeanRecall => Mean(Recall);

    /// <summary>The part of the pixels that are right, over all classes, the background too; NaN without pixels. With masks, of the pixels of each mask.</summary>
    public double PixelAccuracy => (double)_counts.Right / _counts.Pixels;

    /// <summary>The mean of <see cref="IntersectionOverUnion"/>, each class weighted by its pixels in the truth; NaN where there are none.</summary>
    public double FrequencyWeightedIntersectionOverUnion
    {
        get
        {
            var (sum, weight) = (0.0, 0L);
            for (var c = _first; c < _counts.Classes; c++)
            {
                sum += _counts.Truth[c] == 0 ? 0 : _counts.Truth[c] * IntersectionOverUnion[c];
                weight += _counts.Truth[c];
            }

            return sum / weight;
        }
    }

    /// <summary>The number of pixels that count.</summary>
    public long Pixels => _counts.Pixels;

    internal static double MeanOf(IEnumerable<double> values) => values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();

    private double Mean(IReadOnlyList<double> scores) => MeanOf(scores.Skip(_first));

    private double[] Ratios(Func<int, long> numerator, Func<int, long> denominator)
    {
        var ratios = new double[_counts.Classes];
        for (var c = 0; c < ratios.Length; c++)
        {
            ratios[c] = _policy switch
            {
                EmptyClassPolicy.LeaveOutWithoutTruth when _counts.Truth[c] == 0 => double.NaN,
                EmptyClassPolicy.CountAsOne when denominator(c) == 0 => 1,
                EmptyClassPolicy.CountAsZero when denominator(c) == 0 => 0,
                _ => (double)numerator(c) / denominator(c),
            };
        }

        return ratios;
    }
}
