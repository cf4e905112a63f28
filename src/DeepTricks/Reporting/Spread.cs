namespace DeepTricks.Reporting;

/// <summary>What the band around the mean of several runs spans.</summary>
public enum Spread
{
    /// <summary>One sample standard deviation (divisor n − 1) to either side of the mean.</summary>
    StandardDeviation,

    /// <summary>From the smallest run to the largest.</summary>
    MinimumToMaximum,
}
