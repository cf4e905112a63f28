using System.Globalization;
using System.Text;

namespace DeepTricks.Reporting;

/// <summary>The path data of lines and bands. Points closer than the eye can tell are merged, so that a million steps make a small file.</summary>
internal static class Trace
{
    /// <summary>A line through the points, interrupted where one has no place; a lone point becomes a dot.</summary>
    internal static string Line(IReadOnlyList<(double X, double Y)?> points, bool steps)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(points))
        {
            var thinned = Thin(run);
            path.Append(CultureInfo.InvariantCulture, $"M{thinned[0].X:0.#} {thinned[0].Y:0.#}");
            if (thinned.Count == 1)
                path.Append("h0");
            for (var i = 1; i < thinned.Count; i++)
                Join(path, thinned[i], steps);
        }
        return path.ToString();
    }

    /// <summary>The area between two lines, interrupted where a bound has no place.</summary>
    internal static string Band(IReadOnlyList<(double X, double Low, double High)?> bounds, bool steps)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(bounds))
        {
            if (run.Count == 1)
                continue;
            var upper = Thin([.. run.Select(bound => (bound.X, bound.High))]);
            var lower = Thin([.. run.Select(bound => (bound.X, bound.Low))]);
            path.Append(CultureInfo.InvariantCulture, $"M{upper[0].X:0.#} {upper[0].Y:0.#}");
            foreach (var point in upper.Skip(1))
                Join(path, point, steps);
            // Backwards a step goes to the height first and then to the place.
            path.Append(CultureInfo.InvariantCulture, $"L{lower[^1].X:0.#} {lower[^1].Y:0.#}");
            for (var i = lower.Count - 2; i >= 0; i--)
            {
                if (steps)
                    path.Append(CultureInfo.InvariantCulture, $"V{lower[i].Y:0.#}H{lower[i].X:0.#}");
                else
                    path.Append(CultureInfo.InvariantCulture, $"L{lower[i].X:0.#} {lower[i].Y:0.#}");
            }
            path.Append('Z');
        }
        return path.ToString();
    }

    private static void Join(StringBuilder path, (double X, double Y) point, bool steps)
    {
        if (steps)
            path.Append(CultureInfo.InvariantCulture, $"H{point.X:0.#}V{point.Y:0.#}");
        else
            path.Append(CultureInfo.InvariantCulture, $"L{point.X:0.#} {point.Y:0.#}");
    }

    private static IEnumerable<List<TPoint>> Runs<TPoint>(IReadOnlyList<TPoint?> points)
        where TPoint : struct
    {
        var run = new List<TPoint>();
        foreach (var point in points)
        {
            if (point is { } shown)
            {
                run.Add(shown);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }
        if (run.Count > 0)
            yield return run;
    }

    // Of consecutive points in the same half pixel column, the first, the lowest, the highest and the last draw the same line.
    private static List<(double X, double Y)> Thin(List<(double X, double Y)> points)
    {
        if (points.Count <= 1000)
            return points;
        var kept = new List<(double X, double Y)>();
        for (var start = 0; start < points.Count;)
        {
            var column = Math.Floor(points[start].X * 2);
            var (end, low, high) = (start, start, start);
            for (; end < points.Count && Math.Floor(points[end].X * 2) == column; end++)
            {
                low = points[end].Y < points[low].Y ? end : low;
                high = points[end].Y > points[high].Y ? end : high;
            }
            foreach (var i in new SortedSet<int> { start, low, high, end - 1 })
                kept.Add(points[i]);
            start = end;
        }
        return kept;
    }
}
