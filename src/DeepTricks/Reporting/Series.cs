namespace DeepTricks.Reporting;

/// <summary>A named sequence of points, with or without a band around it. The values are copied.</summary>
public sealed record Series
{
    /// <summary>A series of points (<paramref name="x"/>[i], <paramref name="y"/>[i]).</summary>
    /// <param name="name">The name that stands at the end of the line; not empty.</param>
    /// <param name="x">At least one place, in the axis' unit.</param>
    /// <param name="y">One value for each place; a value that is not finite interrupts the line.</param>
    /// <exception cref="ArgumentException">A name is missing, there are no points, or the lengths differ.</exception>
    public Series(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count == 0)
            throw new ArgumentException($"The series \"{name}\" is empty; expected at least one point.", nameof(x));
        if (x.Count != y.Count)
            throw new ArgumentException($"The series \"{name}\" got {x.Count} places and {y.Count} values; expected as many values as places.", nameof(y));
        Name = name;
        X = [.. x];
        Y = [.. y];
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The places.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Where the band begins at each place, or null where there is no band; see <see cref="WithBand"/>.</summary>
    public IReadOnlyList<double>? Lower { get; private init; }

    /// <summary>Where the band ends at each place, or null where there is no band; see <see cref="WithBand"/>.</summary>
    public IReadOnlyList<double>? Upper { get; private init; }

    /// <summary>Whether the line is dashed, as for a bound or a reference. Default: false.</summary>
    public bool Dashed { get; init; }

    /// <summary>The place in the palette of eight colours, from 0. Default: null, the series' place in its chart.</summary>
    public int? Color { get; init; }

    /// <summary>The values of consecutive epochs or steps.</summary>
    /// <param name="name">The name.</param>
    /// <param name="y">The values, at least one.</param>
    /// <param name="first">The place of the first value; the next stands at <paramref name="first"/> + 1. Default: 1.</param>
    /// <returns>The series.</returns>
    /// <exception cref="ArgumentException">There are no values, or the name is empty.</exception>
    public static Series OfValues(string name, IReadOnlyList<double> y, double first = 1)
    {
        ArgumentNullException.ThrowIfNull(y);
        return new Series(name, [.. Enumerable.Range(0, y.Count).Select(i => first + i)], y);
    }

    /// <summary>The mean of several runs over the same places, with a band that shows how far they spread.</summary>
    /// <remarks>A value that is not finite in one run leaves a gap at its place: the mean of the others would hide that a run failed.</remarks>
    /// <param name="name">The name.</param>
    /// <param name="x">The places, at least one.</param>
    /// <param name="runs">The values of each run, as many as there are places.</param>
    /// <param name="spread">What the band spans. Default: one standard deviation. A single run has no band.</param>
    /// <returns>The series.</returns>
    /// <exception cref="ArgumentException">There is no run, a run's length differs from that of <paramref name="x"/>, or there are no places.</exception>
    public static Series OfRuns(string name, IReadOnlyList<double> x, IReadOnlyList<IReadOnlyList<double>> runs, Spread spread = Spread.StandardDeviation)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
            throw new ArgumentException($"The series \"{name}\" got no run; expected at least one.", nameof(runs));
        if (runs.FirstOrDefault(run => run.Count != x.Count) is { } odd)
            throw new ArgumentException($"The series \"{name}\" got a run of {odd.Count} values; expected {x.Count}, one for each place.", nameof(runs));

        var means = new double[x.Count];
        var (lower, upper) = (new double[x.Count], new double[x.Count]);
        for (var i = 0; i < x.Count; i++)
        {
            double[] values = [.. runs.Select(run => run[i])];
            means[i] = values.Average();
            if (spread == Spread.MinimumToMaximum)
            {
                (lower[i], upper[i]) = (values.Min(), values.Max());
                continue;
            }
            var deviation = Math.Sqrt(values.Sum(value => (value - means[i]) * (value - means[i])) / Math.Max(1, values.Length - 1));
            (lower[i], upper[i]) = (means[i] - deviation, means[i] + deviation);
        }
        var series = new Series(name, x, means);
        return runs.Count == 1 ? series : series.WithBand(lower, upper);
    }

    /// <summary>The same points with a band around them.</summary>
    /// <param name="lower">Where the band begins at each place.</param>
    /// <param name="upper">Where it ends; a bound that is not finite interrupts the band.</param>
    /// <returns>The series.</returns>
    /// <exception cref="ArgumentException">A length differs from that of the series, or a lower bound exceeds its upper one.</exception>
    public Series WithBand(IReadOnlyList<double> lower, IReadOnlyList<double> upper)
    {
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        if (lower.Count != X.Count || upper.Count != X.Count)
            throw new ArgumentException($"The band of \"{Name}\" got {lower.Count} lower and {upper.Count} upper bounds; expected {X.Count} of each.", nameof(lower));
        for (var i = 0; i < X.Count; i++)
        {
            if (lower[i] > upper[i])
                throw new ArgumentException($"The band of \"{Name}\" goes from {lower[i]} to {upper[i]} at index {i}; expected lower ≤ upper.", nameof(lower));
        }
        return this with { Lower = [.. lower], Upper = [.. upper] };
    }

    internal int Slot(int index) => Color ?? index;
}
