using System.Buffers.Binary;

namespace DeepTricks.Data;

/// <summary>
/// What the first bytes of an IDX file declare: two zero bytes, the element type, the rank, then one big-endian 32-bit size a
/// dimension.
/// </summary>
internal readonly record struct IdxHeader(IdxElementType ElementType, int[] Shape, int ElementSize, long DataLength)
{
    public const int MagicLength = 4;

    public int Length => MagicLength + (sizeof(int) * Shape.Length);

    /// <summary>The number of bytes that the sizes take, from the magic alone.</summary>
    /// <exception cref="InvalidDataException">These four bytes do not open an IDX file.</exception>
    public static int SizesLength(ReadOnlySpan<byte> magic, string name)
    {
        if (magic[0] != 0 || magic[1] != 0 || SizeOf((IdxElementType)magic[2]) == 0 || magic[3] == 0)
        {
            throw new InvalidDataException(
                $"{name}: not an IDX file: it starts with 0x{Convert.ToHexString(magic)}; expected 0x0000TTNN, " +
                "TT an element type (08, 09, 0B, 0C, 0D or 0E) and NN the number of dimensions, at least 1.");
        }

        return sizeof(int) * magic[3];
    }

    /// <summary>
    /// Reads the header; the size that it declares is held against <paramref name="limit"/> before anything is allocated for it.
    /// </summary>
    public static IdxHeader Parse(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> sizes, long limit, string name)
    {
        var type = (IdxElementType)magic[2];
        var shape = new int[sizes.Length / sizeof(int)];
        var size = SizeOf(type);
        UInt128 length = (UInt128)size;
        for (var d = 0; d < shape.Length; d++)
        {
            var dimension = BinaryPrimitives.ReadUInt32BigEndian(sizes[(d * sizeof(int))..]);
            if (dimension > int.MaxValue)
            {
                throw new InvalidDataException($"{name}: dimension {d} of {shape.Length} is {dimension}; expected at most {int.MaxValue}.");
            }

            shape[d] = (int)dimension;
            // Saturates instead of overflowing: 255 dimensions of 2^31 would not fit 128 bits either.
            length = length > long.MaxValue && dimension != 0 ? length : length * dimension;
        }

        if (length > (UInt128)limit)
        {
            throw new InvalidDataException(
                $"{name}: the header declares {Text(shape)} elements of type {type}, {length} bytes or more; expected at most {limit}.");
        }

        return new(type, shape, size, (long)length);
    }

    public static string Text(ReadOnlySpan<int> shape) => string.Join(" x ", shape.ToArray());

    private static int SizeOf(IdxElementType type) => type switch
    {
        IdxElementType.UInt8 or IdxElementType.Int8 => 1,
        IdxElementType.Int16 => 2,
        IdxElementType.Int32 or IdxElementType.Float32 => 4,
        IdxElementType.Float64 => 8,
        _ => 0,
    };
}
