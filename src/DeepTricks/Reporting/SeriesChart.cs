namespace DeepTricks.Reporting;

/// <summary>A chart of series over two axes: a <see cref="LineChart"/> or a <see cref="ScatterChart"/>.</summary>
public abstract record SeriesChart : Chart
{
    private protected readonly Series[] _series;

    private protected SeriesChart(string title, Axis x, Axis y, IReadOnlyList<Series> series)
        : base(title, x)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(series);
        y.Check(nameof(y));
        if (series.Count == 0)
            throw new ArgumentException($"The chart \"{title}\" got no series; expected at least one.", nameof(series));
        Y = y;
        _series = [.. series];
    }

    /// <summary>The vertical axis.</summary>
    public Axis Y { get; }

    /// <summary>The series, at least one.</summary>
    public IReadOnlyList<Series> Series => _series;
}
