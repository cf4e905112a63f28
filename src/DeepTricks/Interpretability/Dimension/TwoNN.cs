using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// The intrinsic dimension of points by the ratio μ of the distances to their two nearest neighbours, which is Pareto distributed with the dimension as its
/// exponent wherever the density is even over that range (Facco, d'Errico, Rodriguez and Laio, "Estimating the intrinsic dimension of datasets by a minimal
/// neighborhood information", 2017; applied to deep networks by Ansuini, Laio, Macke and Zoccolan, 2019).
/// </summary>
/// <remarks>
/// <para>
/// The interval is exact for independent ratios: with m of n kept, 2 d (Σ log μ + (n − m) log μ₍ₘ₎) follows the chi-square distribution of 2 m degrees of freedom. It is that of the
/// likelihood, whatever the method, and knows nothing of a density that is not even, of noise, or of the dimension changing from place to place.
/// </para>
/// <para>Above a dimension of about ten the estimate is too low unless there are very many points: at 20, by a fifth with 1,500 of them.</para>
/// </remarks>
public static class TwoNN
{
    /// <summary>Estimates the dimension of points.</summary>
    /// <param name="points">As for <see cref="NearestNeighbors.Find"/>.</param>
    /// <param name="options">How; see <see cref="TwoNNOptions"/> for the defaults.</param>
    /// <returns>The estimate.</returns>
    /// <exception cref="ArgumentException">
    /// The points are none (see <see cref="NearestNeighbors.Find"/>), fewer than 3 can be used, or two coincide and the options refuse that.
    /// </exception>
    public static DimensionEstimate Estimate(Tensor points, TwoNNOptions? options = null)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        var (distinct, merged) = Prepare(points, options);
        return Estimate(NearestNeighbors.Find(distinct), options, merged);
    }

    /// <summary>Estimates the dimension from neighbours that are already there.</summary>
    /// <param name="neighbors">The neighbours.</param>
    /// <param name="options">How; see <see cref="TwoNNOptions"/> for the defaults.</param>
    /// <returns>The estimate.</returns>
    /// <exception cref="ArgumentException">Fewer than 3 points can be used, or two coincide and the options do not drop them.</exception>
    public static DimensionEstimate Estimate(NearestNeighbors neighbors, TwoNNOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        return Estimate(neighbors, options ?? new(), merged: 0);
    }

    /// <summary>Estimates the dimension from distances that are already there.</summary>
    /// <param name="first">The distance of each point to its nearest neighbour.</param>
    /// <param name="second">That to the second, not below the first.</param>
    /// <param name="options">How; see <see cref="TwoNNOptions"/> for the defaults.</param>
    /// <returns>The estimate.</returns>
    /// <exception cref="ArgumentException">
    /// The lengths differ, a distance is negative, not finite or above the second; fewer than 3 points can be used, or a distance is 0 and the options do not drop it.
    /// </exception>
    public static DimensionEstimate Estimate(ReadOnlySpan<double> first, ReadOnlySpan<double> second, TwoNNOptions? options = null)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"Got {first.Length} first and {second.Length} second distances; expected as many.", nameof(second));
        for (var i = 0; i < first.Length; i++)
        {
            if (!(first[i] >= 0 && second[i] >= first[i] && double.IsFinite(second[i])))
                throw new ArgumentException($"Point {i} has the distances {first[i]} and {second[i]}; expected finite ones of at least 0 that rise.", nameof(first));
        }

        return DistanceRatios.Estimate(first, second, options ?? new(), merged: 0);
    }

    /// <summary>Estimates the dimension of random parts of the points, whose spread is the authors' error. The neighbours are searched once.</summary>
    /// <param name="points">As for <see cref="NearestNeighbors.Find"/>.</param>
    /// <param name="resampling">Which parts; see <see cref="ResampleOptions"/> for the defaults.</param>
    /// <param name="options">How each is estimated; see <see cref="TwoNNOptions"/> for the defaults.</param>
    /// <returns>The estimates.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Estimate(Tensor, TwoNNOptions)"/>.</exception>
    public static ResampledDimension Resample(Tensor points, ResampleOptions? resampling = null, TwoNNOptions? options = null)
    {
        (resampling, options) = (resampling ?? new(), options ?? new());
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (distinct, merged) = Prepare(points, options);
        var neighbors = NearestNeighbors.Find(distinct, resampling.Neighbors);
        var part = (int)Math.Round(neighbors.Points * resampling.Fraction);
        if (part < 3)
            throw new ArgumentException($"{resampling.Fraction} of {neighbors.Points} points are {part}; expected at least 3.", nameof(resampling));

        var random = new Random(resampling.Seed);
        var order = Enumerable.Range(0, neighbors.Points).ToArray();
        var values = new double[resampling.Count];
        var rows = DataPoints.Check(distinct, least: 3);
        for (var i = 0; i < values.Length; i++)
        {
            random.Shuffle(order);
            var (first, second) = SubsetDistances.Of(neighbors, rows, order.AsSpan(0, part));
            values[i] = DistanceRatios.Estimate(first, second, options, merged).Dimension;
        }

        return new(Estimate(neighbors, options, merged), values);
    }

    /// <summary>
    /// Estimates the dimension of random disjoint blocks of the points. Fewer points are farther from each other: a dimension that falls as the blocks become more was noise at
    /// the finer scale, one that stays is the data's.
    /// </summary>
    /// <param name="points">As for <see cref="NearestNeighbors.Find"/>.</param>
    /// <param name="blocks">The numbers of blocks, each at least 1; null for 1 to 20, as the authors.</param>
    /// <param name="seed">Draws the blocks; 0 by default.</param>
    /// <param name="options">How each is estimated; see <see cref="TwoNNOptions"/> for the defaults.</param>
    /// <returns>One for each number of blocks.</returns>
    /// <exception cref="ArgumentException">A number of blocks is below 1 or leaves fewer than 3 points to one; or as for <see cref="Estimate(Tensor, TwoNNOptions)"/>.</exception>
    public static IReadOnlyList<BlockDimension> Blocks(Tensor points, IReadOnlyList<int>? blocks = null, int seed = 0, TwoNNOptions? options = null)
    {
        options ??= new();
        blocks ??= [.. Enumerable.Range(1, 20)];
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (distinct, _) = Prepare(points, options);
        var rows = DataPoints.Check(distinct, least: 3);
        var count = (int)rows.shape[0];
        if (blocks.FirstOrDefault(number => number < 1 || count / number < 3, defaultValue: 1) is var odd && (odd < 1 || count / odd < 3))
            throw new ArgumentException($"Got {odd} blocks of {count} points; expected at least 1 block, and 3 points in each.", nameof(blocks));

        var random = new Random(seed);
        var order = Enumerable.Range(0, count).Select(i => (long)i).ToArray();
        var results = new List<BlockDimension>();
        foreach (var number in blocks)
        {
            random.Shuffle(order);
            var size = count / number;
            var estimates = order.Chunk(size).Take(number).Select(Block).ToList();
            var mean = estimates.Average(one => one.Dimension);
            var variance = estimates.Average(one => (one.Dimension - mean) * (one.Dimension - mean));
            results.Add(new(number, size, mean, Math.Sqrt(variance), estimates.Average(one => one.Scale)));
        }

        return results;

        DimensionEstimate Block(long[] indices)
        {
            using var inner = NewDisposeScope();
            return Estimate(NearestNeighbors.Find(rows.index_select(0, tensor(indices, device: rows.device))), options, merged: 0);
        }
    }

    private static (Tensor Points, int Merged) Prepare(Tensor points, TwoNNOptions options)
    {
        if (options.ZeroDistances != ZeroDistances.Merge) return (points, 0);
        var rows = DataPoints.Check(points, least: 3);
        var distinct = DistinctRows.Of(rows);
        return (distinct, (int)(rows.shape[0] - distinct.shape[0]));
    }

    private static DimensionEstimate Estimate(NearestNeighbors neighbors, TwoNNOptions options, int merged)
    {
        var (first, second) = (new double[neighbors.Points], new double[neighbors.Points]);
        for (var i = 0; i < first.Length; i++)
        {
            var distances = neighbors.Distances(i);
            (first[i], second[i]) = (distances[0], distances[1]);
        }

        return DistanceRatios.Estimate(first, second, options, merged);
    }
}
