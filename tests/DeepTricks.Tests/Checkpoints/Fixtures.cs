using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Checkpoints;

/// <summary>The files that PyTorch has written, and what it says is in them (tests/fixtures/checkpoints/make_checkpoints.py).</summary>
internal static class Fixtures
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fixtures", "checkpoints");
    private static readonly JsonElement Expectations = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json"))).RootElement;

    internal static IReadOnlyList<string> Names { get; } = [.. Expectations.EnumerateObject().Select(file => file.Name)];

    internal static string At(string name) => Path.Combine(Folder, name);

    internal static IReadOnlyDictionary<string, ExpectedTensor> Tensors(string name) =>
        Expectations.GetProperty(name).GetProperty("tensors").EnumerateObject().ToDictionary(tensor => tensor.Name, tensor => new ExpectedTensor(
            tensor.Value.GetProperty("dtype").GetString()!,
            Numbers(tensor.Value.GetProperty("shape")),
            Numbers(tensor.Value.GetProperty("stride")),
            tensor.Value.GetProperty("bytes").GetBytesFromBase64()));

    internal static string[] Texts(string name, string key) => [.. Expectations.GetProperty(name).GetProperty(key).EnumerateArray().Select(text => text.GetString()!)];

    /// <summary>The bytes of a tensor's elements in their order.</summary>
    internal static byte[] Bytes(Tensor tensor)
    {
        using var contiguous = tensor.detach().contiguous();
        return contiguous.bytes.ToArray();
    }

    private static long[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt64())];

    internal sealed record ExpectedTensor(string Type, long[] Shape, long[] Strides, byte[] Bytes)
    {
        internal ScalarType ScalarType => Type switch
        {
            "float64" => ScalarType.Float64,
            "float32" => ScalarType.Float32,
            "float16" => ScalarType.Float16,
            "bfloat16" => ScalarType.BFloat16,
            "int64" => ScalarType.Int64,
            "int32" => ScalarType.Int32,
            "int16" => ScalarType.Int16,
            "int8" => ScalarType.Int8,
            "uint8" => ScalarType.Byte,
            "bool" => ScalarType.Bool,
            "complex64" => ScalarType.ComplexFloat32,
            "complex128" => ScalarType.ComplexFloat64,
            _ => throw new InvalidDataException(Type),
        };
    }

    /// <summary>The module of the fixtures, with weights of its own.</summary>
    internal sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _conv = nn.Conv2d(3, 4, 3);
        private readonly BatchNorm2d _bn = nn.BatchNorm2d(4);
        private readonly Sequential _head = nn.Sequential(nn.Flatten(), nn.Linear(4, 5));

        internal Net() : base(nameof(Net))
        {
            register_module("conv", _conv);
            register_module("bn", _bn);
            register_module("head", _head);
        }

        public override Tensor forward(Tensor input) => _head.call(_bn.call(_conv.call(input)).mean([2, 3]));

        internal Dictionary<string, byte[]> Snapshot() => state_dict().ToDictionary(pair => pair.Key, pair => Bytes(pair.Value));
    }
}
