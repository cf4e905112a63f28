namespace DeepTricks.Reporting;

/// <summary>The rectangle that the data is drawn in, with its axes, grid and titles.</summary>
internal sealed class Plot
{
    private Plot(Scale x, Scale y, double left, double top, double right, double bottom)
        => (XScale, YScale, Left, Top, Right, Bottom) = (x, y, left, top, right, bottom);

    internal Scale XScale { get; }

    internal Scale YScale { get; }

    internal double Left { get; }

    internal double Top { get; }

    internal double Right { get; }

    internal double Bottom { get; }

    internal double AtX(double value) => XScale.Place(value, Left, Right);

    internal double AtY(double value) => YScale.Place(value, Bottom, Top);

    /// <summary>How much height the horizontal axis takes under the plot.</summary>
    internal static double Foot(Axis axis, ChartLayout layout)
        => layout.LineHeight * (1.8 + LabelLayout.Wrap(axis.Label, layout.Width * 0.9, layout.FontSize).Length);

    /// <summary>Draws axes and grid and says where the data belongs.</summary>
    /// <param name="svg">Takes the drawing.</param>
    /// <param name="layout">The measures.</param>
    /// <param name="x">The horizontal axis and its scale.</param>
    /// <param name="y">The vertical axis and its scale.</param>
    /// <param name="top">The height that is taken above, which the title of the vertical axis follows.</param>
    /// <param name="margin">The width that labels take on the right.</param>
    /// <param name="height">The height of the data's rectangle, or null to fill the layout.</param>
    internal static Plot Draw(SvgWriter svg, ChartLayout layout, (Axis Axis, Scale Scale) x, (Axis Axis, Scale Scale) y, double top, double margin, double? height = null)
    {
        var title = LabelLayout.Wrap(y.Axis.Label, layout.Width, layout.FontSize);
        svg.Lines(0, top + title.Length * layout.LineHeight / 2, title, layout, style: "axis");
        top += title.Length * layout.LineHeight + layout.FontSize * 0.9;

        var bottom = height is null ? layout.Height - Foot(x.Axis, layout) : top + height.Value;
        var ticks = y.Scale.Ticks((int)((bottom - top) / (layout.LineHeight * 2.4)));
        var left = ticks.Select(tick => LabelLayout.Width(tick.Label, layout.FontSize)).DefaultIfEmpty(0).Max() + 8;
        var plot = new Plot(x.Scale, y.Scale, left, top, layout.Width - margin, bottom);
        foreach (var (value, label) in ticks)
        {
            svg.Line(left, plot.AtY(value), plot.Right, plot.AtY(value), "grid");
            svg.Text(left - 8, plot.AtY(value) + layout.FontSize * 0.35, label, "end", "tick");
        }
        DrawFoot(svg, layout, x.Axis, x.Scale, left, plot.Right, bottom, grid: null);
        return plot;
    }

    /// <summary>Draws the horizontal axis under a plot; with a grid up to the height <paramref name="grid"/>.</summary>
    internal static void DrawFoot(SvgWriter svg, ChartLayout layout, Axis axis, Scale scale, double left, double right, double bottom, double? grid)
    {
        svg.Line(left, bottom, right, bottom, "base");
        var widest = scale.Ticks(10).Select(tick => LabelLayout.Width(tick.Label, layout.FontSize)).DefaultIfEmpty(0).Max();
        foreach (var (value, label) in scale.Ticks(Math.Clamp((int)((right - left) / (widest + 16)), 2, 10)))
        {
            var x = scale.Place(value, left, right);
            svg.Line(x, bottom, x, bottom + 5, "base");
            if (grid is { } top)
                svg.Line(x, top, x, bottom, "grid");
            svg.Text(x, bottom + layout.LineHeight * 1.25, label, "middle", "tick");
        }
        var title = LabelLayout.Wrap(axis.Label, layout.Width * 0.9, layout.FontSize);
        var centre = (left + right) / 2;
        var half = title.Max(line => LabelLayout.Width(line, layout.FontSize)) / 2;
        svg.Lines(Math.Clamp(centre, half, Math.Max(half, layout.Width - half)), bottom + layout.LineHeight * (1.7 + title.Length / 2.0), title, layout, "middle", "axis");
    }
}
