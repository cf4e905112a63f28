using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>One argument of an operator: everything that an operator of libtorch takes converts to it.</summary>
internal readonly struct Value
{
    private readonly Tag _tag;
    private readonly int _count;
    private readonly long _bits;
    private readonly object? _reference;

    private Value(Tag tag, long bits, object? reference = null, int count = 0) => (_tag, _bits, _reference, _count) = (tag, bits, reference, count);

    public static Value None => default;

    public static implicit operator Value(Tensor? tensor) => tensor is null ? default : new(Tag.Tensor, tensor.Handle, tensor);
    public static implicit operator Value(long value) => new(Tag.Int, value);
    public static implicit operator Value(long? value) => value is { } given ? given : default(Value);
    public static implicit operator Value(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Value(double? value) => value is { } given ? given : default(Value);
    public static implicit operator Value(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Value(string? text) => text is null ? default : new(Tag.String, 0, text);
    public static implicit operator Value(ScalarType dtype) => new(Tag.Int, (long)dtype);
    public static implicit operator Value(ScalarType? dtype) => dtype is { } given ? given : default(Value);
    public static implicit operator Value(Device? device) => device is null ? default : new(Tag.Device, device.index, null, (int)device.type);
    public static implicit operator Value(Generator? generator) => generator is null ? default : new(Tag.Generator, generator.Handle, generator);
    public static implicit operator Value(long[]? values) => values is null ? default : new(Tag.IntList, 0, values, values.Length);
    public static implicit operator Value(double[]? values) => values is null ? default : new(Tag.DoubleList, 0, values, values.Length);
    public static implicit operator Value(bool[]? values) => values is null ? default : new(Tag.BoolList, 0, values, values.Length);
    public static implicit operator Value(Tensor?[]? tensors) => tensors is null ? default : new(Tag.TensorList, 0, tensors, tensors.Length);
    public static implicit operator Value(Slot slot) => new(Tag.Slot, slot.Number);
    public static implicit operator Value(ReadOnlySpan<long> values) => values.ToArray();

    public static implicit operator Value(Scalar? scalar) => scalar switch
    {
        null => default,
        { IsComplex: true } => new(Tag.Complex, 0, scalar),
        { IsReal: true } => scalar.Real,
        { IsBoolean: true } => scalar.Integer != 0,
        _ => scalar.Integer,
    };

    public static Value List(IEnumerable<Tensor?> tensors) => tensors as Tensor?[] ?? tensors.ToArray();

    public static Value List(ReadOnlySpan<Tensor> tensors) => tensors.ToArray();

    /// <summary>How many 8-byte words of scratch memory <see cref="Write"/> needs beyond the value itself.</summary>
    public int Words => _tag switch
    {
        Tag.IntList or Tag.DoubleList or Tag.TensorList => _count,
        Tag.BoolList => (_count + 7) / 8,
        Tag.Complex => 2,
        Tag.String => (Encoding.UTF8.GetMaxByteCount(Unsafe.As<string>(_reference!).Length) + 7) / 8,
        _ => 0,
    };

    /// <summary>Writes the value for the native side; lists go to <paramref name="scratch"/>. Returns the words used.</summary>
    public unsafe int Write(NativeValue* target, long* scratch)
    {
        target->Tag = _tag;
        target->Count = _count;
        target->Integer = _bits;
        var words = Words;
        if (words == 0) return 0;
        target->Pointer = scratch;
        switch (_tag)
        {
            case Tag.IntList: Unsafe.As<long[]>(_reference!).CopyTo(new Span<long>(scratch, words)); break;
            case Tag.DoubleList: Unsafe.As<double[]>(_reference!).CopyTo(new Span<double>(scratch, words)); break;
            case Tag.BoolList: Unsafe.As<bool[]>(_reference!).CopyTo(new Span<bool>(scratch, _count)); break;
            case Tag.TensorList:
                var tensors = Unsafe.As<Tensor?[]>(_reference!);
                for (var i = 0; i < tensors.Length; i++) scratch[i] = tensors[i]?.Handle ?? 0;
                break;
            case Tag.Complex: *(Complex*)scratch = Unsafe.As<Scalar>(_reference!).Complex; break;
            case Tag.String: target->Count = Encoding.UTF8.GetBytes(Unsafe.As<string>(_reference!), new Span<byte>(scratch, words * 8)); break;
        }
        return words;
    }

    /// <summary>The tensor that this value was made from.</summary>
    public Tensor AsTensor => Unsafe.As<Tensor>(_reference!);

    /// <summary>Keeps what the value refers to from being finalised before this call.</summary>
    public void KeepAlive() => GC.KeepAlive(_reference);
}
