namespace DeepTricks.Kernels;

/// <summary>How the numbers of a map lie in memory.</summary>
/// <param name="Channels">Of an image.</param>
/// <param name="Height">Rows of cells.</param>
/// <param name="Width">Cells in a row.</param>
/// <param name="ChannelsLast">Whether the channels of a cell lie side by side, instead of the cells of a channel.</param>
internal readonly record struct MapLayout(int Channels, int Height, int Width, bool ChannelsLast)
{
    public int Cells => Height * Width;

    public nint ImageSize => (nint)Channels * Cells;
}
