namespace DeepTricks.Backbones;

/// <summary>Numbers of channels of networks that can be made wider.</summary>
internal static class Channels
{
    private const double LeastShare = 0.9;

    /// <summary>The nearest multiple of the divisor that is at least the divisor and not more than a tenth below the number.</summary>
    internal static long Divisible(double channels, long divisor)
    {
        var rounded = Math.Max(divisor, (long)(channels + (divisor / 2.0)) / divisor * divisor);
        return rounded < LeastShare * channels ? rounded + divisor : rounded;
    }

    internal static double CheckMultiplier(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite multiplier above 0.");
}
