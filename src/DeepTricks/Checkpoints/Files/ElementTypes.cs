using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>The dtypes, under the names that each format gives them.</summary>
internal static class ElementTypes
{
    private static readonly (ScalarType Type, int Bytes, string? Safe, string Storage, string[] Torch)[] Known =
    [
        (ScalarType.Bool, 1, "BOOL", "BoolStorage", ["bool"]),
        (ScalarType.Byte, 1, "U8", "ByteStorage", ["uint8"]),
        (ScalarType.Int8, 1, "I8", "CharStorage", ["int8"]),
        (ScalarType.Int16, 2, "I16", "ShortStorage", ["int16", "short"]),
        (ScalarType.Int32, 4, "I32", "IntStorage", ["int32", "int"]),
        (ScalarType.Int64, 8, "I64", "LongStorage", ["int64", "long"]),
        (ScalarType.Float16, 2, "F16", "HalfStorage", ["float16", "half"]),
        (ScalarType.BFloat16, 2, "BF16", "BFloat16Storage", ["bfloat16"]),
        (ScalarType.Float32, 4, "F32", "FloatStorage", ["float32", "float"]),
        (ScalarType.Float64, 8, "F64", "DoubleStorage", ["float64", "double"]),
        (ScalarType.ComplexFloat32, 8, null, "ComplexFloatStorage", ["complex64", "cfloat"]),
        (ScalarType.ComplexFloat64, 16, null, "ComplexDoubleStorage", ["complex128", "cdouble"]),
    ];

    internal static int Bytes(ScalarType type) => Known.First(known => known.Type == type).Bytes;

    internal static string? SafeName(ScalarType type) => Known.FirstOrDefault(known => known.Type == type).Safe;

    internal static ScalarType? OfSafeName(string? name) => Find(known => known.Safe is not null && known.Safe == name);

    /// <summary>"FloatStorage"; null for types that PyTorch has and TorchSharp has not.</summary>
    internal static string? StorageName(ScalarType type) => Known.FirstOrDefault(known => known.Type == type).Storage;

    internal static ScalarType? OfStorageName(string name) => Find(known => known.Storage == name);

    /// <summary>"float32" of torch.float32.</summary>
    internal static ScalarType? OfTorchName(string name) => Find(known => known.Torch.Contains(name));

    private static ScalarType? Find(Func<(ScalarType Type, int Bytes, string? Safe, string Storage, string[] Torch), bool> match)
    {
        foreach (var known in Known)
            if (match(known))
                return known.Type;
        return null;
    }
}
