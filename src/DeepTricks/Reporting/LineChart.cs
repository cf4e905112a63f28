namespace DeepTricks.Reporting;

/// <summary>Lines with their names at their ends and, where the series have them, bands around them.</summary>
/// <example>
/// <code>
/// var chart = new LineChart("Test error", new("Epoch"), new("Error", "%"),
///     Series.OfRuns("Baseline", epochs, baselineRuns),
///     Series.OfRuns("Label smoothing", epochs, smoothedRuns));
/// </code>
/// </example>
public sealed record LineChart : SeriesChart
{
    /// <summary>A line chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="series">The lines, at least one.</param>
    /// <exception cref="ArgumentException">There is no series, the title is empty, or an axis has limits that it cannot have.</exception>
    public LineChart(string title, Axis x, Axis y, params IReadOnlyList<Series> series)
        : base(title, x, y, series)
    {
    }

    /// <summary>Whether each value holds until the next place, as for a schedule. Default: false, straight lines.</summary>
    public bool Steps { get; init; }

    internal override string Summary => $"Line chart. Horizontally: {X.Label}. Vertically: {Y.Label}. "
        + string.Join("; ", _series.Select(series => Last(series) is { } last
            ? $"{series.Name} ends at {Markup.Short(last.Y)}"
            : $"{series.Name} has no value that can be shown")) + ".";

    internal override double Draw(SvgWriter svg, ChartLayout layout)
    {
        var x = Scale.Over(X, _series.SelectMany(series => series.X), pad: false, whole: true);
        var y = Scale.Over(Y, _series.SelectMany(series => series.Y.Concat(series.Lower ?? []).Concat(series.Upper ?? [])), pad: true);

        string[][] labels = [.. _series.Select(series => LabelLayout.Wrap(Last(series) is null ? $"{series.Name}: no value" : series.Name, layout.LabelWidth, layout.FontSize))];
        double[] heights = [.. labels.Select(lines => lines.Length * layout.LineHeight + 2)];
        var labelWidth = labels.SelectMany(lines => lines).Max(line => LabelLayout.Width(line, layout.FontSize));
        var taken = layout.LineHeight * 2 + Plot.Foot(X, layout);
        var plot = Plot.Draw(svg, layout, (X, x), (Y, y), top: 0, margin: labelWidth + 20, height: Math.Max(layout.Height - taken, heights.Sum()));

        svg.OpenClip(plot.Left, plot.Top - 3, plot.Right - plot.Left + 3, plot.Bottom - plot.Top + 6);
        DrawBands(svg, plot);
        DrawLines(svg, plot);
        svg.Close();

        double[] wishes = [.. _series.Select(series => Last(series) is { } last ? Math.Clamp(plot.AtY(last.Y), plot.Top, plot.Bottom) : plot.Bottom)];
        var centres = LabelLayout.Separate(wishes, heights, plot.Top - layout.FontSize, plot.Bottom + layout.FontSize / 2);
        for (var i = 0; i < _series.Length; i++)
        {
            svg.Open(_series[i].Slot(i));
            if (Last(_series[i]) is { } last)
            {
                var end = Math.Min(plot.AtX(last.X), plot.Right);
                svg.Line(end + 3, wishes[i], plot.Right + 14, centres[i], end < plot.Right - 8 ? "leader far" : "leader");
            }
            svg.Lines(plot.Right + 17, centres[i], labels[i], layout, style: "name");
            svg.Close();
        }
        return plot.Bottom + Plot.Foot(X, layout);
    }

    internal override Table Numbers() => ChartNumbers.OfSeries(X, Y, _series);

    private void DrawBands(SvgWriter svg, Plot plot)
    {
        for (var i = 0; i < _series.Length; i++)
        {
            if (_series[i] is not { Lower: { } lower, Upper: { } upper, X: var places })
                continue;
            svg.Open(_series[i].Slot(i));
            svg.Path(Trace.Band([.. places.Select((place, j) => X.CanShow(place) && Y.CanShow(lower[j]) && Y.CanShow(upper[j])
                ? (plot.AtX(place), plot.AtY(lower[j]), plot.AtY(upper[j]))
                : ((double, double, double)?)null)], Steps), "band");
            svg.Close();
        }
    }

    private void DrawLines(SvgWriter svg, Plot plot)
    {
        for (var i = 0; i < _series.Length; i++)
        {
            var series = _series[i];
            svg.Open(series.Slot(i));
            var path = Trace.Line([.. series.X.Zip(series.Y, (place, value) => CanShow(place, value)
                ? (plot.AtX(place), plot.AtY(value))
                : ((double, double)?)null)], Steps);
            svg.Path(path, series.Dashed || series.Slot(i) >= SvgWriter.Colors ? "line dashed" : "line");
            if (Last(series) is { } last)
                svg.Path(FormattableString.Invariant($"M{plot.AtX(last.X):0.#} {plot.AtY(last.Y):0.#}h0"), "dot");
            svg.Close();
        }
    }

    private (double X, double Y)? Last(Series series)
    {
        for (var i = series.X.Count - 1; i >= 0; i--)
        {
            if (CanShow(series.X[i], series.Y[i]))
                return (series.X[i], series.Y[i]);
        }
        return null;
    }

    private bool CanShow(double x, double y) => X.CanShow(x) && Y.CanShow(y);
}
