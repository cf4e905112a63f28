namespace DeepTricks.Reporting;

/// <summary>One bar: a named value, with or without a spread.</summary>
public sealed record Bar
{
    /// <summary>A bar from zero to <paramref name="value"/>.</summary>
    /// <param name="name">Its name; not empty.</param>
    /// <param name="value">Its value; one that is not finite is named instead of drawn.</param>
    /// <param name="spread">Half the length of the whisker, such as a standard deviation; zero (the default) draws none.</param>
    /// <exception cref="ArgumentException">The name is empty, or the spread is negative.</exception>
    public Bar(string name, double value, double spread = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (spread < 0)
            throw new ArgumentException($"The bar \"{name}\" got the spread {spread}; expected zero or more.", nameof(spread));
        Name = name;
        Value = value;
        Spread = spread;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The value.</summary>
    public double Value { get; }

    /// <summary>Half the length of the whisker.</summary>
    public double Spread { get; }

    /// <summary>The place in the palette of eight colours, from 0. Default: 0, one colour for all bars, since each stands beside its name.</summary>
    public int Color { get; init; }
}
