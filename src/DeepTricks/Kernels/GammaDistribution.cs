namespace DeepTricks.Kernels;

/// <summary>The gamma distribution of rate 1.</summary>
internal static class GammaDistribution
{
    private const double Tiny = 1e-300;
    private const int MostSteps = 100_000;

    /// <summary>The value below which a part of the distribution lies.</summary>
    /// <param name="shape">Above 0.</param>
    /// <param name="probability">Between 0 and 1.</param>
    internal static double Quantile(double shape, double probability)
    {
        var (low, high) = (0.0, shape + 1);
        while (Cumulative(shape, high) < probability) (low, high) = (high, high * 2);
        // Halving to the last bit: as many steps as a Newton search with its safeguards would be lines.
        while (true)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high) return middle;
            if (Cumulative(shape, middle) < probability) low = middle;
            else high = middle;
        }
    }

    /// <summary>The regularised lower incomplete gamma function: by its series below the mean, else by its continued fraction.</summary>
    internal static double Cumulative(double shape, double value)
    {
        if (value <= 0) return 0;
        var front = Math.Exp((shape * Math.Log(value)) - value - LogGamma(shape));
        return value < shape + 1 ? front * Series() : 1 - (front * Fraction());

        double Series()
        {
            var (term, sum) = (1 / shape, 1 / shape);
            for (var n = 1; n < MostSteps && term > sum * 1e-17; n++)
            {
                term *= value / (shape + n);
                sum += term;
            }

            return sum;
        }

        // Lentz's method.
        double Fraction()
        {
            var b = value + 1 - shape;
            var (c, d) = (1 / Tiny, 1 / b);
            var result = d;
            for (var n = 1; n < MostSteps; n++)
            {
                var a = -n * (n - shape);
                b += 2;
                d = 1 / NotZero((a * d) + b);
                c = NotZero(b + (a / c));
                result *= d * c;
                if (Math.Abs((d * c) - 1) < 1e-16) break;
            }

            return result;
        }

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    /// <summary>ln Γ, by Stirling's series where it is good, and Γ's recursion up to there.</summary>
    internal static double LogGamma(double value)
    {
        var below = 0.0;
        for (; value < 16; value++) below += Math.Log(value);
        var square = value * value;
        var series = (1.0 / 12 - ((1.0 / 360 - ((1.0 / 1260 - ((1.0 / 1680 - (1.0 / 1188 / square)) / square)) / square)) / square)) / value;
        return ((value - 0.5) * Math.Log(value)) - value + (0.5 * Math.Log(2 * Math.PI)) + series - below;
    }
}
