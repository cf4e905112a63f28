using static DeepTricks.Reporting.LabelLayout;

namespace DeepTricks.Reporting;

/// <summary>The distributions of several samples, one row each over a common axis, with the mean marked.</summary>
/// <remarks>
/// Values outside the axis, or not finite, are left out of the curve and the statistics and counted in the table of numbers. By default each curve is scaled
/// to its own peak: confidences of one network may peak fifty times higher than those of another, whose shape would be lost.
/// </remarks>
public sealed record DensityChart : Chart
{
    private readonly Sample[] _samples;

    /// <summary>A density chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="x">The axis of the values, linear; its limits, such as 0 and 1 for probabilities, bound the values that can be.</param>
    /// <param name="samples">The samples from top to bottom, at least one.</param>
    /// <exception cref="ArgumentException">There is no sample, the title is empty, or the axis is logarithmic.</exception>
    public DensityChart(string title, Axis x, params IReadOnlyList<Sample> samples)
        : base(title, x)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0)
            throw new ArgumentException($"The chart \"{title}\" got no sample; expected at least one.", nameof(samples));
        if (x.Logarithmic)
            throw new ArgumentException($"The chart \"{title}\" got a logarithmic axis; expected a linear one.", nameof(x));
        _samples = [.. samples];
    }

    /// <summary>The samples from top to bottom.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>How the densities are estimated. Default: <see cref="DensityShape.Kernel"/>.</summary>
    public DensityShape Shape { get; init; } = DensityShape.Kernel;

    /// <summary>Bins of the histogram, 1 to 400. Default: 40.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public int Bins
    {
        get;
        init => field = value is >= 1 and <= 400 ? value : throw new ArgumentOutOfRangeException(nameof(Bins), value, "Expected 1 to 400.");
    } = 40;

    /// <summary>
    /// The kernel's standard deviation, in the axis' unit. Default: null, by Silverman's rule 0.9 min(s, IQR / 1.34) n^(−1/5), at least a
    /// hundredth of the axis.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite and above zero.</exception>
    public double? Bandwidth
    {
        get;
        init => field = value is null or (> 0 and < double.PositiveInfinity) ? value : throw new ArgumentOutOfRangeException(nameof(Bandwidth), value, "Expected a finite value above zero.");
    }

    /// <summary>Whether all curves share one vertical scale, so that their areas are equal. Default: false, each is scaled to its own peak.</summary>
    public bool CommonScale { get; init; }

    internal override string Note => (CommonScale || _samples.Length == 1 ? "" : "Each curve is scaled to its own peak. ") + "The tick marks the mean.";

    internal override string Summary => $"Density chart of {X.Label}. "
        + string.Join("; ", _samples.Select(sample => $"{sample.Name}: {Mean(Inside(sample, Scope()), Scope())}")) + ".";

    internal override double Draw(SvgWriter svg, ChartLayout layout)
    {
        var scale = Scope();
        var beside = layout == ChartLayout.Wide;
        string[][] names = [.. _samples.Select(sample => Wrap(sample.Name, beside ? layout.LabelWidth : layout.Width, layout.FontSize))];
        double[][] inside = [.. _samples.Select(sample => Inside(sample, scale))];
        double[][] heights = [.. inside.Select(values => Heights(values, scale))];
        var margin = inside.Max(values => Width(Mean(values, scale), layout.FontSize)) + 12;
        var left = beside ? names.SelectMany(lines => lines).Max(line => Width(line, layout.FontSize)) + 14 : 12;
        var right = layout.Width - (beside ? margin : 12);
        var curve = beside ? 54.0 : 44.0;
        var highest = heights.SelectMany(row => row).Max();

        // The grid lies under the curves, so the height comes first.
        double[] tops = new double[_samples.Length + 1];
        for (var i = 0; i < _samples.Length; i++)
            tops[i + 1] = tops[i] + (beside ? Math.Max(curve + 8, names[i].Length * layout.LineHeight + 8) : names[i].Length * layout.LineHeight + curve + 16);
        var bottom = tops[^1] + 2;
        Plot.DrawFoot(svg, layout, X, scale, left, right, bottom, grid: 0);

        for (var i = 0; i < _samples.Length; i++)
        {
            var baseline = tops[i + 1];
            var centre = beside ? baseline - Math.Max(names[i].Length * layout.LineHeight, layout.LineHeight) / 2 : tops[i] + 8 + names[i].Length * layout.LineHeight / 2;
            svg.Open(_samples[i].Color ?? i);
            var line = Outline(heights[i], CommonScale ? highest : heights[i].Max(), left, right, baseline, curve);
            svg.Path(line.Length == 0 ? "" : FormattableString.Invariant($"{line}L{right:0.#} {baseline:0.#}H{left:0.#}Z"), "band");
            svg.Path(line, "line thin");
            svg.Line(left, baseline, right, baseline, "leader");
            if (inside[i].Length > 0)
            {
                var mean = scale.Place(inside[i].Average(), left, right);
                svg.Line(mean, baseline - curve * 0.3, mean, baseline + 1, "mean");
            }
            svg.Lines(beside ? left - 14 : left, centre, names[i], layout, beside ? "end" : "start", "name");
            svg.Close();
            svg.Text(beside ? right + 10 : right, beside ? baseline - 4 : tops[i] + 8 + layout.LineHeight * 0.76, Mean(inside[i], scale), beside ? "start" : "end", "tick");
        }
        return bottom + Plot.Foot(X, layout);
    }

    internal override Table Numbers()
    {
        var scale = Scope();
        var format = Format(scale);
        var table = new Table([new("Sample"), new("Values") { Format = "0" },
            .. ((string[])["Mean", "Deviation", "5%", "Median", "95%"]).Select(title => new TableColumn(title, X.Unit) { Format = format }),
            new("Left out") { Format = "0" }]);
        foreach (var sample in _samples)
        {
            var values = Inside(sample, scale);
            double[] numbers = values.Length == 0
                ? [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]
                : [values.Average(), Density.Deviation(values), Density.Quantile(values, 0.05), Density.Quantile(values, 0.5), Density.Quantile(values, 0.95)];
            table.Row([sample.Name, values.Length, .. numbers.Select(number => (TableCell)number), sample.Values.Count - values.Length]);
        }
        return table;
    }

    private Scale Scope() => Scale.Over(X, _samples.SelectMany(sample => sample.Values), pad: false);

    private static double[] Inside(Sample sample, Scale scale) => [.. sample.Values.Where(value => value >= scale.Low && value <= scale.High).Order()];

    private static string Mean(double[] values, Scale scale)
        => values.Length == 0 ? "no value" : $"mean {Markup.Number(values.Average(), Format(scale))}";

    private static string Format(Scale scale) => Markup.Format(Math.Max(Math.Abs(scale.Low), Math.Abs(scale.High)));

    private double[] Heights(double[] values, Scale scale) => (values.Length, Shape) switch
    {
        (0, _) => [0],
        (_, DensityShape.Histogram) => Density.Histogram(values, scale.Low, scale.High, Bins),
        _ => Density.Kernel(values, scale.Low, scale.High, Bandwidth),
    };

    private string Outline(double[] heights, double highest, double left, double right, double baseline, double curve)
    {
        if (highest == 0)
            return "";
        var cell = (right - left) / heights.Length;
        // A histogram's step starts at the cell's left edge, a curve's point stands at its centre and reaches both ends.
        var points = Shape == DensityShape.Histogram
            ? heights.Select((height, i) => (left + i * cell, height)).Prepend((left, 0)).Append((right, 0))
            : heights.Select((height, i) => (left + (i + 0.5) * cell, height)).Prepend((left, heights[0])).Append((right, heights[^1]));
        return Trace.Line([.. points.Select(point => ((double, double)?)(point.Item1, baseline - point.Item2 / highest * curve))], Shape == DensityShape.Histogram);
    }
}
