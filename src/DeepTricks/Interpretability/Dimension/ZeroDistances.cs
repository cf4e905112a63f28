namespace DeepTricks.Interpretability;

/// <summary>What becomes of points that coincide, whose ratio of distances does not exist.</summary>
public enum ZeroDistances
{
    /// <summary>A point with a duplicate is left out, all of its copies with it, but stays a neighbour of the others: the authors' way.</summary>
    Drop,

    /// <summary>The copies of a point become one before the search. Needs the points, and not their distances alone.</summary>
    Merge,

    /// <summary>An <see cref="ArgumentException"/>.</summary>
    Refuse,
}
