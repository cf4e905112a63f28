namespace DeepTricks.Benchmarks.Measuring;

/// <summary>The middle and the quartiles of some numbers.</summary>
public readonly record struct Spread(double Low, double Median, double High)
{
    /// <summary>The quartiles, interpolated between the numbers that lie around them.</summary>
    public static Spread Of(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        if (sorted.Length == 0) throw new ArgumentException("Expected at least one number.", nameof(numbers));
        return new(At(0.25), At(0.5), At(0.75));

        double At(double part)
        {
            var place = part * (sorted.Length - 1);
            var below = (int)place;
            return below + 1 < sorted.Length ? double.Lerp(sorted[below], sorted[below + 1], place - below) : sorted[below];
        }
    }
}
