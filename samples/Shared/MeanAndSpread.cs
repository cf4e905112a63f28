using System.Globalization;

namespace Samples;

/// <summary>A mean over the runs with its standard deviation, 0 where there is one run.</summary>
internal readonly record struct MeanAndSpread(double Mean, double Spread)
{
    public static MeanAndSpread Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return new(mean, values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }

    public override string ToString() => ToString(1);

    public string ToString(int digits) => string.Join(" ± ", new[] { Mean, Spread }.Select(value => value.ToString($"F{digits}", CultureInfo.InvariantCulture)));
}
