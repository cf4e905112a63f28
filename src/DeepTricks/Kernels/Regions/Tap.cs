namespace DeepTricks.Kernels;

/// <summary>What a bin takes of a cell of the map.</summary>
internal readonly struct Tap<T>(int cell, T weight)
    where T : unmanaged
{
    /// <summary>Row · width + column.</summary>
    public readonly int Cell = cell;

    /// <summary>What the cell's value is multiplied by.</summary>
    public readonly T Weight = weight;
}
