using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The nearest other points of each of many points, by Euclidean distance, found exactly without a matrix of all distances.</summary>
/// <remarks>
/// <para>
/// The search is a matrix product over tiles: of each pair the fast product gives a lower bound of the distance (with the error of its arithmetic taken off), and
/// each point keeps those with the lowest bounds. Their distances are then computed from their differences in double precision. A neighbour counts as found
/// when it is no farther than the lowest bound of those not looked at, so the result is that of a direct search in double precision; points where too few are
/// proven are searched again in a higher precision, in the end directly.
/// </para>
/// <para>
/// On the CPU each tile is computed once and serves its rows and its columns, in bfloat16 where the processor multiplies it natively (AVX512-BF16, AMX), else
/// in single precision. Where there are more features than points, the inner products are summed in double precision over chunks of features.
/// Memory: a centred copy of the points in the precision of the product, the lists, and a few tiles.
/// </para>
/// </remarks>
public sealed class NearestNeighbors
{
    private readonly double[] _distances;
    private readonly int[] _indices;
    private readonly int[] _proven;

    internal NearestNeighbors(int points, int count)
    {
        (Points, Count) = (points, count);
        _distances = new double[(long)points * count];
        _indices = new int[_distances.Length];
        _proven = new int[points];
    }

    /// <summary>The number of points.</summary>
    public int Points { get; }

    /// <summary>The most neighbours that are kept of a point.</summary>
    public int Count { get; }

    /// <summary>How many points had to be searched more than once.</summary>
    public int SearchedAgain { get; internal set; }

    /// <summary>Finds the nearest neighbours of each point.</summary>
    /// <param name="points">
    /// [points, features], or of more dimensions of which the first is the points': at least 3 points, floating point and finite, on any device. Half precision is
    /// read as it is and computed in single.
    /// </param>
    /// <param name="options">How many; see <see cref="NearestNeighborsOptions"/>.</param>
    /// <returns>The neighbours, on the CPU.</returns>
    /// <exception cref="ArgumentException">The points have another shape or type, are fewer than 3, or a number is not finite.</exception>
    public static NearestNeighbors Find(Tensor points, NearestNeighborsOptions? options = null)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        return new NeighborSearch(DataPoints.Check(points, least: 3), options ?? new()).Run();
    }

    /// <summary>The distances of a point to its neighbours, rising: at least two, and as many of <see cref="Count"/> as are proven; 0 to a duplicate.</summary>
    /// <param name="point">From 0 to below <see cref="Points"/>.</param>
    /// <returns>The distances.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point.</exception>
    public ReadOnlySpan<double> Distances(int point) => _distances.AsSpan(Checked(point) * Count, _proven[point]);

    /// <summary>The neighbours of a point, the nearest first.</summary>
    /// <param name="point">From 0 to below <see cref="Points"/>.</param>
    /// <returns>Their indices.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point.</exception>
    public ReadOnlySpan<int> Indices(int point) => _indices.AsSpan(Checked(point) * Count, _proven[point]);

    internal void Set(int point, ReadOnlySpan<double> squares, ReadOnlySpan<int> indices)
    {
        for (var i = 0; i < squares.Length; i++)
            _distances[(point * Count) + i] = Math.Sqrt(squares[i]);
        indices.CopyTo(_indices.AsSpan(point * Count));
        _proven[point] = squares.Length;
    }

    private int Checked(int point)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)point, (uint)Points, nameof(point));
        return point;
    }
}
