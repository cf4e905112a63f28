using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>
/// The maximum over a square window around each pixel of each plane, and where in the window it is. The window slides by one and reaches over the edges,
/// where nothing is. Rows first and then columns: 2·(side − 1) comparisons a pixel and not side² − 1.
/// </summary>
/// <remarks>
/// Of equal values the first in the window counts, row by row, and of several NaN the last: as in libtorch, so that values and gradients are the same to the bit.
/// A place is one byte, row · side + column.
/// </remarks>
internal sealed unsafe class SlidingMaximumPlanes(int side, int height, int width)
{
    /// <summary>The largest side whose places fit into a byte.</summary>
    internal const int LargestSide = 15;

    private readonly int _reach = side / 2;
    private readonly int _pitch = (width + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;

    private long PlaneSize => (long)height * width;

    /// <summary>Writes the maxima, and their places where somebody wants them.</summary>
    /// <param name="input">The planes, one behind the other.</param>
    /// <param name="planes">How many.</param>
    /// <param name="maxima">As many numbers.</param>
    /// <param name="places">As many bytes, or null.</param>
    public void Forward(float* input, long planes, float* maxima, byte* places) => RowParallel.For(planes, PlaneSize, (from, to) =>
    {
        // A row with its surroundings, the maxima of the last rows with their places, and a row of the result.
        var floats = (float*)NativeMemory.AlignedAlloc((nuint)((_pitch * (side + 2)) + side) * sizeof(float), 64);
        var integers = (int*)NativeMemory.AlignedAlloc((nuint)(_pitch * (side + 2)) * sizeof(int), 64);
        try
        {
            var scratch = new Scratch(floats, integers, _pitch, side);
            scratch.Padded.Fill(float.NegativeInfinity);
            // Where the window begins outside, its first place is the first inside.
            for (var x = 0; x < _pitch; x++) scratch.First[x] = Math.Max(0, _reach - x);
            for (var plane = from; plane < to; plane++)
            {
                var offset = plane * PlaneSize;
                if (places is null) Plane<Values>(input + offset, maxima + offset, null, scratch);
                else Plane<Places>(input + offset, maxima + offset, places + offset, scratch);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(floats);
            NativeMemory.AlignedFree(integers);
        }
    });

    /// <summary>Adds each gradient to where the maximum was.</summary>
    /// <param name="gradients">Those of the maxima.</param>
    /// <param name="places">What <see cref="Forward"/> wrote.</param>
    /// <param name="planes">How many planes.</param>
    /// <param name="inputs">The gradients of the input; all of it is written.</param>
    public void Backward(float* gradients, byte* places, long planes, float* inputs)
    {
        var offsets = new int[side * side];
        for (var place = 0; place < offsets.Length; place++) offsets[place] = ((place / side - _reach) * width) + (place % side) - _reach;
        RowParallel.For(planes, PlaneSize, (from, to) =>
        {
            fixed (int* offset = offsets)
            {
                for (var plane = from; plane < to; plane++)
                {
                    var start = plane * PlaneSize;
                    new Span<float>(inputs + start, (int)PlaneSize).Clear();
                    for (var i = start; i < start + PlaneSize; i++) inputs[i + offset[places[i]]] += gradients[i];
                }
            }
        });
    }

    private void Plane<TKind>(float* input, float* maxima, byte* places, Scratch scratch) where TKind : struct, IKind
    {
        var done = 0;
        for (var y = 0; y < height; y++)
        {
            var (top, bottom) = (Math.Max(0, y - _reach), Math.Min(height - 1, y + _reach));
            for (; done <= bottom; done++) Row<TKind>(input + ((long)done * width), done, scratch);
            Column<TKind>(top, bottom, top - y + _reach, scratch);
            new Span<float>(scratch.Result, width).CopyTo(new(maxima + ((long)y * width), width));
            if (TKind.WithPlaces) Narrow(scratch.ResultPlaces, places + ((long)y * width));
        }
    }

    /// <summary>The maxima along one row, kept for as long as a window can see them.</summary>
    private void Row<TKind>(float* row, int y, Scratch scratch) where TKind : struct, IKind
    {
        new ReadOnlySpan<float>(row, width).CopyTo(scratch.Padded[_reach..]);
        fixed (float* padded = scratch.Padded)
        {
            var values = scratch.Values(y);
            var at = scratch.Places(y);
            for (var x = 0; x < _pitch; x += Vector<float>.Count)
            {
                var best = Vector.Load(padded + x);
                var place = TKind.WithPlaces ? Vector.Load(scratch.First + x) : default;
                for (var step = 1; step < side; step++) Take<TKind>(ref best, ref place, Vector.Load(padded + x + step), new(step));
                best.Store(values + x);
                if (TKind.WithPlaces) place.Store(at + x);
            }
        }
    }

    /// <summary>The maxima over rows of maxima.</summary>
    private void Column<TKind>(int top, int bottom, int firstPlace, Scratch scratch) where TKind : struct, IKind
    {
        for (var x = 0; x < _pitch; x += Vector<float>.Count)
        {
            var best = Vector.Load(scratch.Values(top) + x);
            var place = TKind.WithPlaces ? Vector.Load(scratch.Places(top) + x) + new Vector<int>(firstPlace * side) : default;
            for (var y = top + 1; y <= bottom; y++)
            {
                var candidates = TKind.WithPlaces ? Vector.Load(scratch.Places(y) + x) + new Vector<int>((firstPlace + y - top) * side) : default;
                Take<TKind>(ref best, ref place, Vector.Load(scratch.Values(y) + x), candidates);
            }

            best.Store(scratch.Result + x);
            if (TKind.WithPlaces) place.Store(scratch.ResultPlaces + x);
        }
    }

    private static void Take<TKind>(ref Vector<float> best, ref Vector<int> place, Vector<float> candidate, Vector<int> at) where TKind : struct, IKind
    {
        // Greater, or NaN.
        var takes = Vector.GreaterThan(candidate, best) | ~Vector.Equals(candidate, candidate);
        best = Vector.ConditionalSelect(takes, candidate, best);
        if (TKind.WithPlaces) place = Vector.ConditionalSelect(takes, at, place);
    }

    private void Narrow(int* from, byte* to)
    {
        var x = 0;
        for (; x + Vector<byte>.Count <= width; x += Vector<byte>.Count)
        {
            var (first, second) = (Vector.LoadUnsafe(ref from[x]), Vector.LoadUnsafe(ref from[x + Vector<int>.Count]));
            var (third, fourth) = (Vector.LoadUnsafe(ref from[x + (2 * Vector<int>.Count)]), Vector.LoadUnsafe(ref from[x + (3 * Vector<int>.Count)]));
            Vector.AsVectorByte(Vector.Narrow(Vector.Narrow(first, second), Vector.Narrow(third, fourth))).Store(to + x);
        }

        for (; x < width; x++) to[x] = (byte)from[x];
    }

    private interface IKind
    {
        static abstract bool WithPlaces { get; }
    }

    private readonly struct Values : IKind
    {
        public static bool WithPlaces => false;
    }

    private readonly struct Places : IKind
    {
        public static bool WithPlaces => true;
    }

    /// <summary>The memory of one thread: rings of as many rows as the window has.</summary>
    private readonly struct Scratch(float* floats, int* integers, int pitch, int side)
    {
        public float* Result => floats;

        public float* Values(int y) => floats + (pitch * (1 + (y % side)));

        public Span<float> Padded => new(floats + (pitch * (1 + side)), pitch + side);

        public int* ResultPlaces => integers;

        public int* First => integers + pitch;

        public int* Places(int y) => integers + (pitch * (2 + (y % side)));
    }
}
