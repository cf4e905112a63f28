namespace DeepTricks.Losses;

/// <summary>What each output of a deeply supervised network weighs, the main one first.</summary>
public sealed class ScaleWeights
{
    private const double LeastHalf = 0.0625;
    private readonly Func<int, double> _weight;
    private readonly int? _count;

    private ScaleWeights(Func<int, double> weight, int? count = null) => (_weight, _count) = (weight, count);

    /// <summary>1 for each: the sum over all outputs, as in UNet3+; MONAI's "same".</summary>
    public static ScaleWeights Equal { get; } = new(_ => 1);

    /// <summary>1, 1/2, 1/4, 1/8 and then 1/16 for all others: MONAI's "exp", its default.</summary>
    public static ScaleWeights Halving { get; } = new(scale => Math.Max(Math.Pow(0.5, scale), LeastHalf));

    /// <summary>1 for the main output and 1/2 for each other: MONAI's "two".</summary>
    public static ScaleWeights HalfSides { get; } = new(scale => scale == 0 ? 1 : 0.5);

    /// <summary>A weight for each output.</summary>
    /// <param name="weights">At least one, each finite and not negative; there have to be as many as outputs.</param>
    /// <exception cref="ArgumentException">There is none, or one is negative or not finite.</exception>
    public static ScaleWeights Of(params double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        SegmentationChecks.Weights(weights);
        if (weights.Length == 0)
        {
            throw new ArgumentException("Expected a weight for each output; there is none.", nameof(weights));
        }

        double[] kept = [.. weights];
        return new(scale => kept[scale], kept.Length);
    }

    /// <summary>The weights of so many outputs.</summary>
    /// <param name="outputs">The number of outputs.</param>
    /// <exception cref="ArgumentException">The weights were given one by one, and there are more or fewer.</exception>
    public double[] For(int outputs) => _count is null || _count == outputs
        ? [.. Enumerable.Range(0, outputs).Select(_weight)]
        : throw new ArgumentException($"There are weights for {_count} outputs, and {outputs} outputs came.", nameof(outputs));
}
