namespace DeepTricks.Reporting;

/// <summary>One column of a <see cref="Table"/>.</summary>
public sealed record TableColumn
{
    /// <summary>A column.</summary>
    /// <param name="title">What stands in it; not empty.</param>
    /// <param name="unit">The unit of its numbers; empty (the default) where there is none.</param>
    /// <exception cref="ArgumentException"><paramref name="title"/> is empty.</exception>
    public TableColumn(string title, string unit = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(unit);
        Title = title;
        Unit = unit;
    }

    /// <summary>What stands in the column.</summary>
    public string Title { get; }

    /// <summary>The unit of its numbers, or an empty string.</summary>
    public string Unit { get; }

    /// <summary>Which of its numbers is marked. Numbers that read the same as the best one are marked with it. Default: none.</summary>
    public BestValue Best { get; init; } = BestValue.None;

    /// <summary>The .NET format of its numbers, in the invariant culture. Default: two decimals.</summary>
    public string Format { get; init; } = "0.00";

    /// <summary>Whether texts stand on the right as well, being numbers that are formatted already.</summary>
    internal bool HoldsNumbers { get; init; }
}
