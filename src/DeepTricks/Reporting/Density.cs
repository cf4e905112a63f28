namespace DeepTricks.Reporting;

/// <summary>Estimates of a density over a range, as heights over equal cells of it.</summary>
internal static class Density
{
    private const int Cells = 400;

    /// <summary>
    /// A Gaussian kernel estimate. Without a bandwidth it takes Silverman's (1986, eq. 3.31): 0.9 min(s, IQR / 1.34) n^(−1/5), and at
    /// least a hundredth of the range, below which a curve shows single values rather than the shape.
    /// </summary>
    internal static double[] Kernel(IReadOnlyList<double> sorted, double low, double high, double? bandwidth)
    {
        var width = (high - low) / Cells;
        var sigma = (bandwidth ?? Math.Max(Silverman(sorted), (high - low) / 100)) / width;

        // Linear binning: a value counts for the two cells whose centres enclose it, by nearness.
        var counts = new double[Cells];
        foreach (var value in sorted)
        {
            var place = (value - low) / width - 0.5;
            var cell = Math.Floor(place);
            counts[Reflect((int)cell)] += 1 - (place - cell);
            counts[Reflect((int)cell + 1)] += place - cell;
        }

        var radius = Math.Min(Cells, (int)Math.Ceiling(sigma * 4));
        double[] kernel = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(i => Math.Exp(-0.5 * i * i / (sigma * sigma)))];
        var total = kernel.Sum() * sorted.Count * width;
        var heights = new double[Cells];
        for (var cell = 0; cell < Cells; cell++)
        {
            if (counts[cell] == 0)
                continue;
            for (var i = -radius; i <= radius; i++)
                heights[Reflect(cell + i)] += counts[cell] * kernel[i + radius] / total;
        }
        return heights;
    }

    /// <summary>Counts over <paramref name="bins"/> equal cells, scaled to an area of one; the last cell holds its upper end.</summary>
    internal static double[] Histogram(IReadOnlyList<double> sorted, double low, double high, int bins)
    {
        var heights = new double[bins];
        foreach (var value in sorted)
            heights[Math.Min((int)((value - low) / (high - low) * bins), bins - 1)] += bins / (sorted.Count * (high - low));
        return heights;
    }

    /// <summary>The quantile of sorted values, linear between neighbours (the default of NumPy and R, type 7).</summary>
    internal static double Quantile(IReadOnlyList<double> sorted, double part)
    {
        var place = part * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /// <summary>The sample standard deviation (divisor n − 1); zero of one value.</summary>
    internal static double Deviation(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
    }

    private static double Silverman(IReadOnlyList<double> sorted)
    {
        var quartiles = (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / 1.34;
        return 0.9 * Math.Min(Deviation(sorted), quartiles) * Math.Pow(sorted.Count, -0.2);
    }

    private static int Reflect(int cell) => Math.Clamp(cell < 0 ? -cell - 1 : cell >= Cells ? 2 * Cells - 1 - cell : cell, 0, Cells - 1);
}
