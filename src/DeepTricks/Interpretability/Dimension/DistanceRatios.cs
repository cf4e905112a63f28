using DeepTricks.Kernels;

namespace DeepTricks.Interpretability;

/// <summary>The estimate of <see cref="TwoNN"/> from the distances to the two nearest.</summary>
internal static class DistanceRatios
{
    private const int FewestPoints = 3;

    internal static DimensionEstimate Estimate(ReadOnlySpan<double> first, ReadOnlySpan<double> second, TwoNNOptions options, int merged)
    {
        var logs = new List<double>(first.Length);
        var (duplicates, ties, scale) = (0, 0, 0.0);
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i] == 0) duplicates++;
            else if (options.DropTies && first[i] == second[i]) ties++;
            else
            {
                logs.Add(Math.Log(second[i] / first[i]));
                scale += (first[i] + second[i]) / 2;
            }
        }

        if (duplicates > 0 && options.ZeroDistances != ZeroDistances.Drop)
            throw new ArgumentException($"{duplicates} points coincide with others; expected none, or the option to drop them.", nameof(first));
        if (logs.Count < FewestPoints)
        {
            throw new TooFewPointsException(
                $"Of {first.Length} points {duplicates} coincide with others and {ties} have two neighbours that are equally far; expected at least {FewestPoints} besides them.", nameof(first));
        }

        logs.Sort();
        var (fit, correlation) = Fit(logs, options);
        var (likelihood, lower, upper) = Likelihood(logs, options);
        return new(
            options.Method == TwoNNMethod.Fit ? fit : likelihood, fit, likelihood, lower, upper, correlation, scale / logs.Count, logs.Count, merged + duplicates, ties);
    }

    private static (double Slope, double Correlation) Fit(List<double> logs, TwoNNOptions options)
    {
        var count = logs.Count;
        // At the last point 1 − F is 0. The authors leave out the one before, too.
        var kept = Math.Min(Kept(count, options), options.DropTies ? count - 2 : count - 1);
        var (xy, xx, x, y, yy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < kept; i++)
        {
            var height = -Math.Log(1 - ((i + 1.0) / count));
            xy += logs[i] * height;
            xx += logs[i] * logs[i];
            x += logs[i];
            y += height;
            yy += height * height;
        }

        return (xy / xx, ((kept * xy) - (x * y)) / Math.Sqrt(((kept * xx) - (x * x)) * ((kept * yy) - (y * y))));
    }

    private static (double Dimension, double Lower, double Upper) Likelihood(List<double> logs, TwoNNOptions options)
    {
        var kept = Math.Max(Kept(logs.Count, options), 2);
        var total = logs.Take(kept).Sum() + ((logs.Count - kept) * logs[kept - 1]);
        var tail = (1 - options.Confidence) / 2;
        return ((kept - 1) / total, GammaDistribution.Quantile(kept, tail) / total, GammaDistribution.Quantile(kept, 1 - tail) / total);
    }

    private static int Kept(int count, TwoNNOptions options) => (int)Math.Floor(count * (1 - options.Discard));
}
