namespace DeepTricks.Data;

/// <summary>The element types of the IDX format, with the codes that stand in the third byte of its header.</summary>
public enum IdxElementType : byte
{
    /// <summary>8 bits, unsigned (<see cref="byte"/>): MNIST's pixels and labels.</summary>
    UInt8 = 0x08,

    /// <summary>8 bits, signed (<see cref="sbyte"/>).</summary>
    Int8 = 0x09,

    /// <summary>16 bits, signed (<see cref="short"/>).</summary>
    Int16 = 0x0B,

    /// <summary>32 bits, signed (<see cref="int"/>).</summary>
    Int32 = 0x0C,

    /// <summary>32 bits, IEEE 754 (<see cref="float"/>).</summary>
    Float32 = 0x0D,

    /// <summary>64 bits, IEEE 754 (<see cref="double"/>).</summary>
    Float64 = 0x0E,
}
