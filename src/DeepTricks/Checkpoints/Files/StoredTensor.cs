using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>A tensor as it lies in a file: a view of stored bytes, checked to stay within them.</summary>
/// <param name="Type">The dtype.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Strides">The strides, in elements.</param>
/// <param name="Offset">The first element's place in the bytes, in elements.</param>
/// <param name="Bytes">The storage.</param>
internal sealed record StoredTensor(ScalarType Type, long[] Shape, long[] Strides, long Offset, StoredBytes Bytes)
{
    internal long ElementSize => ElementTypes.Bytes(Type);

    /// <summary>The number of elements.</summary>
    internal long Count { get; } = Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The elements from the first to the last one in the storage, those between that belong to others included.</summary>
    internal long Span { get; } = SpanOf(Shape, Strides);

    internal bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0 && Count > 0; expected *= Shape[i--])
                if (Shape[i] != 1 && Strides[i] != expected)
                    return false;
            return true;
        }
    }

    /// <summary>Makes one of what a file says.</summary>
    /// <exception cref="InvalidDataException">It lies about its size, or goes beyond its storage.</exception>
    internal static StoredTensor Checked(ScalarType type, long[] shape, long[] strides, long offset, StoredBytes bytes, long maxExtraBytes)
    {
        var what = $"a tensor of the shape {shape.ShapeText()} and the strides {strides.ShapeText()}";
        if (shape.Length != strides.Length || shape.Any(size => size < 0) || strides.Any(stride => stride < 0) || offset < 0)
            throw new InvalidDataException($"{what} at {offset} cannot be.");
        // Neither may wrap around: Int128 holds any product of two longs, and growth stops at once.
        Int128 count = 1, last = offset;
        for (var i = 0; i < shape.Length; i++)
        {
            count = Bounded(count * shape[i], what);
            last = Bounded(last + (Int128)Math.Max(shape[i] - 1, 0) * strides[i], what);
        }
        // An empty tensor may have sizes beside the zero whose product is too large for libtorch.
        Int128 sizes = 1;
        foreach (var size in shape)
            sizes = Bounded(sizes * Math.Max(size, 1), what);
        var element = ElementTypes.Bytes(type);
        if (count > 0 && (last + 1) * element > bytes.Length)
            throw new InvalidDataException($"{what} and {element} bytes an element at {offset} ends at {(last + 1) * element}, beyond the {bytes.Length} bytes of its storage.");
        return count * element <= bytes.Length + maxExtraBytes
            ? new(type, shape, strides, offset, bytes)
            : throw new InvalidDataException($"{what} would have {count * element} bytes out of a storage of {bytes.Length}, more than {nameof(CheckpointReadOptions.MaxExtraBytes)} allows.");
    }

    /// <summary>The strides of a tensor whose elements follow each other.</summary>
    internal static long[] ContiguousStrides(long[] shape)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var i = shape.Length - 1; i >= 0; stride *= Math.Max(shape[i--], 1))
            strides[i] = stride;
        return strides;
    }

    private static Int128 Bounded(Int128 value, string what) =>
        value <= long.MaxValue / 32 ? value : throw new InvalidDataException($"{what} is larger than anything.");

    private static long SpanOf(long[] shape, long[] strides)
    {
        var last = 0L;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0)
                return 0;
            last += (shape[i] - 1) * strides[i];
        }
        return last + 1;
    }
}
