namespace DeepTricks.Reporting;

/// <summary>Which value of a table's column is marked as the best.</summary>
public enum BestValue
{
    /// <summary>None: the column's values are no scores.</summary>
    None,

    /// <summary>The lowest, as for an error.</summary>
    Lowest,

    /// <summary>The highest, as for an accuracy.</summary>
    Highest,
}
