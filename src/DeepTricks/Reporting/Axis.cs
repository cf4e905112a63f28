namespace DeepTricks.Reporting;

/// <summary>What one axis of a chart measures, in which unit, over which range.</summary>
/// <remarks>
/// Limits that are not given follow from the data. Ticks stand at 1, 2 or 5 times a power of ten.
/// A point that the axis cannot show (not finite, beyond ±1e300, or below 1e-300 on a logarithmic axis) interrupts its line.
/// </remarks>
public sealed record Axis
{
    /// <summary>An axis over the range of the data.</summary>
    /// <param name="title">What is measured; not empty.</param>
    /// <param name="unit">Its unit, shown in parentheses after the title; empty (the default) where there is none.</param>
    /// <exception cref="ArgumentException"><paramref name="title"/> is empty.</exception>
    public Axis(string title, string unit = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(unit);
        Title = title;
        Unit = unit;
    }

    /// <summary>What is measured.</summary>
    public string Title { get; }

    /// <summary>Its unit, or an empty string.</summary>
    public string Unit { get; }

    /// <summary>Whether equal distances are equal ratios. Default: false.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>Where the axis begins. Default: null, from the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>Where the axis ends. Default: null, from the data.</summary>
    public double? Maximum { get; init; }

    internal string Label => Unit.Length == 0 ? Title : $"{Title} ({Unit})";

    /// <summary>Whether a value has a place on this axis, inside its limits or beyond them.</summary>
    internal bool CanShow(double value) => Math.Abs(value) <= 1e300 && (!Logarithmic || value >= 1e-300);

    // Not in the init accessors, which see the limits one by one and in any order.
    internal void Check(string parameterName)
    {
        foreach (var limit in (ReadOnlySpan<double?>)[Minimum, Maximum])
        {
            if (limit is { } value && !CanShow(value))
                throw new ArgumentException($"The axis \"{Title}\" got the limit {value}; expected a finite one{(Logarithmic ? " above zero" : "")}.", parameterName);
        }
        if (Minimum >= Maximum)
            throw new ArgumentException($"The axis \"{Title}\" got the limits {Minimum} to {Maximum}; expected Minimum < Maximum.", parameterName);
    }
}
