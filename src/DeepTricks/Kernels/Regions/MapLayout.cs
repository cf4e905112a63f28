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

    /// <summary>From one cell to the next.</summary>
    public nint CellStride => ChannelsLast ? Channels : 1;

    /// <summary>From one channel to the next.</summary>
    public nint ChannelStride => ChannelsLast ? 1 : Cells;

    /// <summary>The first number of a channel of an image.</summary>
    public unsafe T* Channel<T>(T* maps, int image, int channel)
        where T : unmanaged => maps + (image * ImageSize) + (channel * ChannelStride);
}
