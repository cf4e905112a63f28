namespace DeepTricks.Reporting;

/// <summary>Named values whose distribution is drawn. The values are copied.</summary>
public sealed record Sample
{
    /// <summary>A sample.</summary>
    /// <param name="name">Its name; not empty.</param>
    /// <param name="values">At least one value, in any order; those that are not finite are counted and left out.</param>
    /// <exception cref="ArgumentException">The name is empty or there are no values.</exception>
    public Sample(string name, IReadOnlyList<double> values)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new ArgumentException($"The sample \"{name}\" is empty; expected at least one value.", nameof(values));
        Name = name;
        Values = [.. values];
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The place in the palette of eight colours, from 0. Default: null, the sample's place in its chart.</summary>
    public int? Color { get; init; }
}
