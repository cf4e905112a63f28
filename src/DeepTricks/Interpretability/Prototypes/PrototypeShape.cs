namespace DeepTricks.Interpretability;

/// <summary>How many prototypes there are, and how large each is.</summary>
public sealed record PrototypeShape
{
    /// <summary>A shape.</summary>
    /// <param name="count">The number of prototypes, at least 1.</param>
    /// <param name="channels">The channels of each, those of the feature maps; at least 1.</param>
    /// <param name="height">Rows of the maps that each covers, at least 1, the default.</param>
    /// <param name="width">Columns of the maps that each covers, at least 1, the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public PrototypeShape(int count, int channels, int height = 1, int width = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Count, Channels, Height, Width) = (count, channels, height, width);
    }

    /// <summary>The number of prototypes, P.</summary>
    public int Count { get; }

    /// <summary>The channels of each, C.</summary>
    public int Channels { get; }

    /// <summary>The rows of each, h.</summary>
    public int Height { get; }

    /// <summary>The columns of each, w.</summary>
    public int Width { get; }

    /// <summary>[P, C, h, w].</summary>
    public long[] Sizes => [Count, Channels, Height, Width];
}
