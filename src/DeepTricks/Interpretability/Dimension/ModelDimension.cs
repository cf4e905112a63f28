using DeepTricks.Reporting;

namespace DeepTricks.Interpretability;

/// <summary>The dimension of a network's last hidden layer beside its error on test data: over networks of one kind of data the two rise together (Ansuini et al., 2019, r = 0.94).</summary>
/// <param name="Name">The network.</param>
/// <param name="Dimension">Of its last hidden layer.</param>
/// <param name="Error">On test data, in any unit.</param>
/// <param name="Family">What it belongs to, such as its architecture; networks of a family are drawn alike.</param>
public sealed record ModelDimension(string Name, double Dimension, double Error, string Family = "networks")
{
    /// <summary>Pearson's correlation of dimension and error.</summary>
    /// <param name="models">At least 2 networks.</param>
    /// <returns>From −1 to 1; NaN where one of the two does not vary.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2.</exception>
    public static double Correlation(IReadOnlyList<ModelDimension> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count < 2) throw new ArgumentException($"Got {models.Count} networks; expected at least 2.", nameof(models));
        var (dimension, error) = (models.Average(model => model.Dimension), models.Average(model => model.Error));
        var covariance = models.Sum(model => (model.Dimension - dimension) * (model.Error - error));
        var variances = models.Sum(model => Math.Pow(model.Dimension - dimension, 2)) * models.Sum(model => Math.Pow(model.Error - error, 2));
        return covariance / Math.Sqrt(variances);
    }

    /// <summary>Each network as a point, by family.</summary>
    /// <param name="title">The chart's heading.</param>
    /// <param name="error">The axis of the error, such as <c>new("Test error", "%")</c>.</param>
    /// <param name="models">At least 2 networks.</param>
    /// <returns>The chart, which gives the correlation under its heading.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2.</exception>
    public static ScatterChart Chart(string title, Axis error, IReadOnlyList<ModelDimension> models)
    {
        var correlation = Correlation(models);
        return new ScatterChart(title, new("Intrinsic dimension of the last hidden layer"), error,
            [.. models.GroupBy(model => model.Family).Select(family => new Series(family.Key, [.. family.Select(model => model.Dimension)], [.. family.Select(model => model.Error)]))])
        {
            Description = FormattableString.Invariant($"{models.Count} networks, correlation {correlation:0.00}."),
        };
    }
}
