namespace DeepTricks.Training;

/// <summary>A figure of <see cref="Trainer.Metrics"/> to go by, and which way is better.</summary>
/// <param name="Metric">Its name, for example "validation/accuracy".</param>
/// <param name="HigherIsBetter">Whether higher is better.</param>
public sealed record Goal(string Metric, bool HigherIsBetter)
{
    /// <summary>A figure of which the lowest is the best.</summary>
    /// <param name="metric">Its name.</param>
    public static Goal Lowest(string metric) => new(metric, false);

    /// <summary>A figure of which the highest is the best.</summary>
    /// <param name="metric">Its name.</param>
    public static Goal Highest(string metric) => new(metric, true);

    /// <summary>The figure now.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name; the message says which there are.</exception>
    internal double Read(Trainer trainer) => trainer.Metrics.TryGetValue(Metric, out var value)
        ? value
        : throw new InvalidOperationException($"There is no figure \"{Metric}\" to go by; there are: {string.Join(", ", trainer.Metrics.Keys)}. " +
            "Those of a validation need FitOptions.Validation.");

    /// <summary>Whether a figure is better than another; anything is better than NaN, and NaN never better.</summary>
    internal bool IsBetter(double value, double than, double by = 0) =>
        !double.IsNaN(value) && (double.IsNaN(than) || (HigherIsBetter ? value > than + by : value < than - by));
}
