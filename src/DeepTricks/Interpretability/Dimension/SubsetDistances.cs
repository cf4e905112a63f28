using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The two nearest within a part of the points, from the neighbours among all.</summary>
internal static class SubsetDistances
{
    internal static (double[] First, double[] Second) Of(NearestNeighbors neighbors, Tensor points, ReadOnlySpan<int> part)
    {
        var taken = new bool[neighbors.Points];
        foreach (var point in part) taken[point] = true;
        var (first, second) = (new double[part.Length], new double[part.Length]);
        for (var i = 0; i < part.Length; i++)
        {
            var indices = neighbors.Indices(part[i]);
            var distances = neighbors.Distances(part[i]);
            var found = 0;
            for (var at = 0; at < indices.Length && found < 2; at++)
            {
                if (!taken[indices[at]]) continue;
                (found++ == 0 ? first : second)[i] = distances[at];
            }

            // Too few of the list are in this part: once in a million points.
            if (found < 2) (first[i], second[i]) = Directly(points, part[i], taken);
        }

        return (first, second);
    }

    private static (double First, double Second) Directly(Tensor points, int point, bool[] taken)
    {
        using var scope = NewDisposeScope();
        var squares = NeighborSearch.DirectSquares(points, point);
        squares.masked_fill_(tensor(taken, device: points.device).logical_not_(), double.PositiveInfinity);
        var nearest = squares.topk(2, 0, largest: false).values.cpu().Values<double>();
        return (Math.Sqrt(nearest[0]), Math.Sqrt(nearest[1]));
    }
}
