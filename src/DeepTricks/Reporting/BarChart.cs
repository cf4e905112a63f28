using static DeepTricks.Reporting.LabelLayout;

namespace DeepTricks.Reporting;

/// <summary>Horizontal bars from zero, each with its name on the left and its value at its end.</summary>
public sealed record BarChart : Chart
{
    private readonly Bar[] _bars;

    /// <summary>A bar chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="value">The axis of the values; not logarithmic, for a bar begins at zero.</param>
    /// <param name="bars">The bars from top to bottom, at least one.</param>
    /// <exception cref="ArgumentException">There is no bar, the title is empty, or the axis is logarithmic or has limits that leave zero out.</exception>
    public BarChart(string title, Axis value, params IReadOnlyList<Bar> bars)
        : base(title, value)
    {
        ArgumentNullException.ThrowIfNull(bars);
        if (bars.Count == 0)
            throw new ArgumentException($"The chart \"{title}\" got no bar; expected at least one.", nameof(bars));
        if (value.Logarithmic || value.Minimum > 0 || value.Maximum < 0)
            throw new ArgumentException($"The chart \"{title}\" got an axis without zero; expected a linear one that holds it, since bars begin there.", nameof(value));
        _bars = [.. bars];
    }

    /// <summary>The bars from top to bottom.</summary>
    public IReadOnlyList<Bar> Bars => _bars;

    /// <summary>The .NET format of the values, in the invariant culture. Default: null, three or four digits by the largest value.</summary>
    public string? Format { get; init; }

    internal override string Summary => $"Bar chart of {X.Label}. " + string.Join("; ", _bars.Select(bar => $"{bar.Name}: {Text(bar)}")) + ".";

    internal override double Draw(SvgWriter svg, ChartLayout layout)
    {
        var scale = Scale.Over(X, _bars.SelectMany(bar => (double[])[bar.Value - bar.Spread, bar.Value, bar.Value + bar.Spread, 0]), pad: true);
        string[][] names = [.. _bars.Select(bar => Wrap(bar.Name, layout.LabelWidth, layout.FontSize))];
        var left = names.SelectMany(lines => lines).Max(line => Width(line, layout.FontSize)) + 10;
        var right = layout.Width - _bars.Max(bar => Width(Text(bar), layout.FontSize)) - 8;
        double[] heights = [.. names.Select(lines => Math.Max(layout.LineHeight * 1.8, lines.Length * layout.LineHeight + 8))];
        var bottom = heights.Sum() + 4;
        Plot.DrawFoot(svg, layout, X, scale, left, right, bottom, grid: 0);

        var zero = scale.Place(0, left, right);
        var y = 0.0;
        for (var i = 0; i < _bars.Length; y += heights[i], i++)
        {
            var (bar, centre) = (_bars[i], y + heights[i] / 2);
            svg.Lines(left - 10, centre, names[i], layout, "end");
            svg.Open(bar.Color);
            var end = double.IsFinite(bar.Value) ? Place(bar.Value) : zero;
            svg.Rectangle(Math.Min(zero, end), centre - layout.FontSize * 0.6, Math.Abs(end - zero), layout.FontSize * 1.2, "bar");
            svg.Close();
            var (low, high) = bar.Spread > 0 && double.IsFinite(bar.Value) ? (Place(bar.Value - bar.Spread), Place(bar.Value + bar.Spread)) : (end, end);
            if (high > low)
                svg.Path(FormattableString.Invariant($"M{low:0.#} {centre:0.#}H{high:0.#}M{low:0.#} {centre - 4:0.#}v8M{high:0.#} {centre - 4:0.#}v8"), "whisker");
            svg.Text(Math.Max(high, zero) + 7, centre + layout.FontSize * 0.35, Text(bar), style: "label value");
        }
        svg.Line(zero, 0, zero, bottom, "base");
        return bottom + Plot.Foot(X, layout);

        double Place(double value) => Math.Clamp(scale.Place(Math.Clamp(value, -1e300, 1e300), left, right), left, right);
    }

    internal override Table Numbers()
    {
        var table = new Table(new("Bar"), new(X.Title, X.Unit) { HoldsNumbers = true });
        foreach (var bar in _bars)
            table.Row(bar.Name, Text(bar));
        return table;
    }

    private string Text(Bar bar)
    {
        var format = Format ?? Markup.Format(_bars.Select(one => Math.Abs(one.Value)).Where(double.IsFinite).DefaultIfEmpty(0).Max());
        return new TableCell(bar.Value, bar.Spread > 0 ? bar.Spread : null).Show(format);
    }
}
