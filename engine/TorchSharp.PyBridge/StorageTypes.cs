using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>What PyTorch's files call the element types.</summary>
internal static class StorageTypes
{
    private static readonly (ScalarType Type, string Storage, string Name, string? Safetensors)[] Known =
    [
        (ScalarType.Float64, "DoubleStorage", "float64", "F64"),
        (ScalarType.Float32, "FloatStorage", "float32", "F32"),
        (ScalarType.Float16, "HalfStorage", "float16", "F16"),
        (ScalarType.BFloat16, "BFloat16Storage", "bfloat16", "BF16"),
        (ScalarType.Int64, "LongStorage", "int64", "I64"),
        (ScalarType.Int32, "IntStorage", "int32", "I32"),
        (ScalarType.Int16, "ShortStorage", "int16", "I16"),
        (ScalarType.Int8, "CharStorage", "int8", "I8"),
        (ScalarType.Byte, "ByteStorage", "uint8", "U8"),
        (ScalarType.Bool, "BoolStorage", "bool", "BOOL"),
        (ScalarType.ComplexFloat32, "ComplexFloatStorage", "complex64", null),
        (ScalarType.ComplexFloat64, "ComplexDoubleStorage", "complex128", null),
    ];

    /// <summary>The element type of a storage class of PyTorch, or null.</summary>
    public static ScalarType? OfStorage(string name) => Known.Where(known => known.Storage == name).Select(known => (ScalarType?)known.Type).FirstOrDefault();

    /// <summary>The element type of a name such as <c>float32</c>, or null.</summary>
    public static ScalarType? OfName(string name) => Known.Where(known => known.Name == name).Select(known => (ScalarType?)known.Type).FirstOrDefault();

    public static string StorageOf(ScalarType type) => Known.First(known => known.Type == type).Storage;

    public static ScalarType OfSafetensors(string name) => Known.Where(known => known.Safetensors == name).Select(known => (ScalarType?)known.Type).FirstOrDefault()
        ?? throw new NotImplementedException($"There is no tensor with elements of type '{name}' here.");

    public static string SafetensorsOf(ScalarType type) => Known.First(known => known.Type == type).Safetensors
        ?? throw new NotImplementedException($"A safetensors file holds no elements of type {type}.");
}
