using System.Globalization;
using System.Text;

namespace DeepTricks.Reporting;

/// <summary>Points, told apart by shape and colour; the key stands above the plot, for clouds of points have no ends.</summary>
public sealed record ScatterChart : SeriesChart
{
    private const int Shapes = 4;

    /// <summary>A scatter chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="series">The points, at least one series.</param>
    /// <exception cref="ArgumentException">There is no series, the title is empty, or an axis has limits that it cannot have.</exception>
    public ScatterChart(string title, Axis x, Axis y, params IReadOnlyList<Series> series)
        : base(title, x, y, series)
    {
    }

    internal override string Summary => $"Scatter chart. Horizontally: {X.Label}. Vertically: {Y.Label}. "
        + string.Join("; ", _series.Select(series => $"{series.Name} has {series.X.Count} points")) + ".";

    internal override double Draw(SvgWriter svg, ChartLayout layout)
    {
        var x = Scale.Over(X, _series.SelectMany(series => series.X), pad: true);
        var y = Scale.Over(Y, _series.SelectMany(series => series.Y), pad: true);
        var top = _series.Length > 1 ? DrawKey(svg, layout) : 0;
        var plot = Plot.Draw(svg, layout, (X, x), (Y, y), top, margin: 10, height: layout.Height - layout.LineHeight * 2 - Plot.Foot(X, layout));
        svg.OpenClip(plot.Left - 4, plot.Top - 4, plot.Right - plot.Left + 8, plot.Bottom - plot.Top + 8);
        for (var i = 0; i < _series.Length; i++)
        {
            svg.Open(_series[i].Slot(i));
            svg.Path(Points(_series[i], i, plot), "point");
            svg.Close();
        }
        svg.Close();
        return plot.Bottom + Plot.Foot(X, layout);
    }

    internal override Table Numbers() => ChartNumbers.OfPoints(X, Y, _series);

    private double DrawKey(SvgWriter svg, ChartLayout layout)
    {
        var (left, line) = (0.0, 0);
        for (var i = 0; i < _series.Length; i++)
        {
            var lines = LabelLayout.Wrap(_series[i].Name, layout.Width - 20, layout.FontSize);
            var width = lines.Max(text => LabelLayout.Width(text, layout.FontSize)) + 34;
            if (left > 0 && left + width > layout.Width)
                (left, line) = (0, line + 1);
            svg.Open(_series[i].Slot(i));
            svg.Path(Mark(i, left + 6, (line + 0.5) * layout.LineHeight), "point");
            svg.Lines(left + 16, (line + lines.Length / 2.0) * layout.LineHeight, lines, layout, style: "name");
            svg.Close();
            (left, line) = (left + width, line + lines.Length - 1);
        }
        return (line + 1) * layout.LineHeight + layout.FontSize * 0.6;
    }

    // Points that fall on the same half pixel are drawn once.
    private string Points(Series series, int shape, Plot plot)
    {
        var seen = new HashSet<(double, double)>();
        var path = new StringBuilder();
        foreach (var (place, value) in series.X.Zip(series.Y))
        {
            if (!X.CanShow(place) || !Y.CanShow(value))
                continue;
            var (x, y) = (Math.Round(plot.AtX(place) * 2) / 2, Math.Round(plot.AtY(value) * 2) / 2);
            if (seen.Add((x, y)))
                path.Append(Mark(shape, x, y));
        }
        return path.ToString();
    }

    private static string Mark(int shape, double x, double y) => (shape % Shapes) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"M{x - 3:0.#} {y:0.#}a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"),
        1 => string.Create(CultureInfo.InvariantCulture, $"M{x - 4:0.#} {y:0.#}l4-4 4 4-4 4z"),
        2 => string.Create(CultureInfo.InvariantCulture, $"M{x - 2.7:0.#} {y - 2.7:0.#}h5.4v5.4h-5.4z"),
        _ => string.Create(CultureInfo.InvariantCulture, $"M{x - 3.6:0.#} {y + 2.8:0.#}h7.2l-3.6-6.4z"),
    };
}
