namespace DeepTricks.Reporting;

/// <summary>The numbers behind a chart as a table, thinned where they are too many to read.</summary>
internal static class ChartNumbers
{
    private const int MostRows = 200;

    /// <summary>One row for each place, one column for each series.</summary>
    internal static Table OfSeries(Axis x, Axis y, IReadOnlyList<Series> series)
    {
        double[] places = [.. series.SelectMany(one => one.X).Where(double.IsFinite).Distinct().Order()];
        var stride = Stride(places.Length);
        var table = new Table([new TableColumn(x.Title, x.Unit) { HoldsNumbers = true }, .. series.Select(one => new TableColumn(one.Name, y.Unit) { HoldsNumbers = true })])
        {
            Caption = Caption(y.Label + (series.Any(one => one.Lower is not null) ? ", with the band's bounds" : ""), stride),
        };
        var (place, value) = (Markup.Formatter(x, places), Markup.Formatter(y, series.SelectMany(one => one.Y.Concat(one.Lower ?? []).Concat(one.Upper ?? []))));
        Dictionary<double, int>[] indices = [.. series.Select(one => one.X.Select((at, i) => (at, i)).GroupBy(pair => pair.at).ToDictionary(group => group.Key, group => group.Last().i))];
        for (var row = 0; row < places.Length; row += stride)
            table.Row([place(places[row]), .. series.Select((one, column) => indices[column].TryGetValue(places[row], out var i) ? Text(one, i, value) : "")]);
        return table;
    }

    /// <summary>One row for each point.</summary>
    internal static Table OfPoints(Axis x, Axis y, IReadOnlyList<Series> series)
    {
        var stride = Stride(series.Sum(one => one.X.Count));
        var table = new Table(new("Series"), new(x.Title, x.Unit) { HoldsNumbers = true }, new(y.Title, y.Unit) { HoldsNumbers = true }) { Caption = Caption("Points", stride) };
        var points = series.SelectMany(one => one.X.Select((place, i) => (one.Name, place, one.Y[i])));
        var (showX, showY) = (Markup.Formatter(x, series.SelectMany(one => one.X)), Markup.Formatter(y, series.SelectMany(one => one.Y)));
        foreach (var (name, place, value) in points.Where((_, i) => i % stride == 0))
            table.Row(name, showX(place), showY(value));
        return table;
    }

    private static TableCell Text(Series series, int i, Func<double, string> show) => series is { Lower: { } lower, Upper: { } upper }
        ? $"{show(series.Y[i])} ({show(lower[i])} to {show(upper[i])})"
        : show(series.Y[i]);

    private static int Stride(int rows) => Math.Max(1, (rows + MostRows - 1) / MostRows);

    private static string Caption(string text, int stride) => stride == 1 ? text : $"{text}; one row in {stride}";
}
