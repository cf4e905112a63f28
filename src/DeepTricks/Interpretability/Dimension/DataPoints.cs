using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>Points as rows.</summary>
internal static class DataPoints
{
    /// <summary>The most elements that a piece of work converts at a time.</summary>
    internal const long PieceElements = 1 << 20;

    /// <summary>The points as a matrix in single or double precision, after looking whether they are points at all.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal static Tensor Check(Tensor points, int least)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (!points.is_floating_point())
            throw new ArgumentException($"The points are of type {points.dtype}; expected floating point.", nameof(points));
        if (points.dim() < 2 || points.shape[0] < least || points.shape[0] > int.MaxValue || points.numel() == 0)
            throw new ArgumentException($"The points have the shape {points.ShapeText()}; expected [points, features] with at least {least} points.", nameof(points));
        var rows = points.detach().flatten(1);
        if (rows.dtype is not (ScalarType.Float32 or ScalarType.Float64)) rows = rows.to(ScalarType.Float32);
        rows = rows.contiguous();
        if (!double.IsFinite(LargestMagnitude(rows)))
            throw new ArgumentException("The points hold a number that is not finite; expected finite ones.", nameof(points));
        return rows;
    }

    /// <summary>The largest magnitude of an element; NaN where one is.</summary>
    internal static double LargestMagnitude(Tensor rows)
    {
        var (least, most) = (rows.min().to(ScalarType.Float64).item<double>(), rows.max().to(ScalarType.Float64).item<double>());
        return double.IsNaN(least + most) ? double.NaN : Math.Max(Math.Abs(least), Math.Abs(most));
    }

    /// <summary>The ranges of rows that a piece of work takes at a time.</summary>
    internal static IEnumerable<(int From, int Count)> Pieces(long rows, long columns)
    {
        var length = (int)Math.Clamp(PieceElements / columns, 1, rows);
        for (var from = 0; from < rows; from += length)
            yield return (from, (int)Math.Min(length, rows - from));
    }
}
