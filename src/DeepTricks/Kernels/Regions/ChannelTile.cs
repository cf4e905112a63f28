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

    /// <summary>Takes channels [channels, cells].</summary>
    public void Read(T* source)
    {
        Transposition.Copy(source, Cells, Start, Width, Channels, Cells);
        FillUp(Start, Cells);
    }

    /// <summary>Takes cells of which each has its channels side by side.</summary>
    public void ReadCells(T* source, nint stride)
    {
        for (var cell = 0; cell < Cells; cell++)
        {
            new ReadOnlySpan<T>(source + (cell * stride), Channels).CopyTo(new(Start + ((nint)cell * Width), Channels));
        }

        FillUp(Start, Cells);
    }

    /// <summary>Gives channels [channels, cells].</summary>
    public void Write(T* target) => Transposition.Copy(Start, Width, target, Cells, Cells, Channels);

    /// <summary>Gives cells of which each has its channels side by side.</summary>
    public void WriteCells(T* target, nint stride)
    {
        for (var cell = 0; cell < Cells; cell++)
        {
            new ReadOnlySpan<T>(Start + ((nint)cell * Width), Channels).CopyTo(new(target + (cell * stride), Channels));
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

    private void FillUp(T* cells, int count)
    {
        for (var cell = 0; Channels < Width && cell < count; cell++)
        {
            new Span<T>(cells + ((nint)cell * Width) + Channels, Width - Channels).Clear();
        }
    }
}
