using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>
/// Some channels of a map side by side in each cell: it fits into the cache of a core, and a cell of it into a few vectors.
/// </summary>
internal sealed unsafe class ChannelTile<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly byte[] _memory;
    private readonly MemoryHandle _pin;

    /// <summary>A tile whose contents are not defined.</summary>
    /// <param name="channels">How many; they are filled up to whole vectors.</param>
    /// <param name="cells">Of each channel.</param>
    public ChannelTile(int channels, int cells)
    {
        (Channels, Cells) = (channels, cells);
        Width = (channels + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;
        _memory = ArrayPool<byte>.Shared.Rent(checked((Width * cells * sizeof(T)) + Alignment));
        _pin = _memory.AsMemory().Pin();
        Start = (T*)(((nint)_pin.Pointer + Alignment - 1) & -Alignment);
    }

    /// <summary>Channels that are the map's.</summary>
    public int Channels { get; }

    /// <summary>From one cell to the next.</summary>
    public int Width { get; }

    /// <summary>The first cell.</summary>
    public T* Start { get; }

    private int Cells { get; }

    /// <summary>Whether a tile of so many cells can be had for any number of vectors that <see cref="WeightedBins"/> takes at once.</summary>
    public static bool Fits(long cells) => cells * WeightedBins.MostVectors * Vector<T>.Count * sizeof(T) < int.MaxValue - Alignment;

    /// <summary>Takes its channels from a map.</summary>
    /// <param name="source">The first number of the first channel.</param>
    /// <param name="map">How the map lies.</param>
    public void Read(T* source, MapLayout map)
    {
        if (map.ChannelsLast)
        {
            for (var cell = 0; cell < Cells; cell++)
            {
                new ReadOnlySpan<T>(source + (cell * map.CellStride), Channels).CopyTo(new(Start + ((nint)cell * Width), Channels));
            }
        }
        else
        {
            Transposition.Copy(source, Cells, Start, Width, Channels, Cells);
        }

        for (var cell = 0; Channels < Width && cell < Cells; cell++)
        {
            new Span<T>(Start + ((nint)cell * Width) + Channels, Width - Channels).Clear();
        }
    }

    /// <summary>Gives its channels to a map.</summary>
    /// <param name="target">The first number of the first channel.</param>
    /// <param name="map">How the map lies.</param>
    public void Write(T* target, MapLayout map)
    {
        if (!map.ChannelsLast)
        {
            Transposition.Copy(Start, Width, target, Cells, Cells, Channels);
            return;
        }

        for (var cell = 0; cell < Cells; cell++)
        {
            new ReadOnlySpan<T>(Start + ((nint)cell * Width), Channels).CopyTo(new(target + (cell * map.CellStride), Channels));
        }
    }

    /// <summary>Zeros.</summary>
    public void Clear() => Unsafe.InitBlockUnaligned(Start, 0, (uint)(Width * Cells * sizeof(T)));

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _pin.Dispose();
        ArrayPool<byte>.Shared.Return(_memory);
    }
}
