using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in order of their indices, read and written in place on the CPU.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly Tensor? _copy;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly T* _start;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        // Half-precision numbers that are asked for as float have no address of that type: they are read from a copy.
        if (!tensor.is_cpu()) _copy = tensor.cpu();
        if (typeof(T) == typeof(float) && tensor.dtype != ScalarType.Float32)
        {
            using var _ = _copy;
            _copy = tensor.to(ScalarType.Float32, CPU);
        }
        _tensor = _copy?.DetachFromDisposeScope() ?? tensor;
        _shape = _tensor.shape;
        _strides = _tensor.stride();
        _start = (T*)_tensor.DataPointer;
        _contiguous = _tensor.is_contiguous();
    }

    public long Count => _tensor.numel();

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => *Address(indices);
        set => *Address(indices) = value;
    }

    private T* Address(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1) return At(indices[0]);
        if (indices.Length != _shape.Length) throw new ArgumentException($"{indices.Length} indices for a tensor of {_shape.Length} dimensions", nameof(indices));
        long offset = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= _shape[i]) throw new IndexOutOfRangeException($"index {indices[i]} in a dimension of size {_shape[i]}");
            offset += indices[i] * _strides[i];
        }
        return _start + offset;
    }

    private T* At(long flat)
    {
        if (flat < 0 || flat >= Count) throw new IndexOutOfRangeException($"index {flat} in a tensor of {Count} elements");
        if (_contiguous) return _start + flat;
        long offset = 0;
        for (var i = _shape.Length - 1; i >= 0; i--)
        {
            offset += flat % _shape[i] * _strides[i];
            flat /= _shape[i];
        }
        return _start + offset;
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        if (_shape.Length < 2) Read(array, 0);
        else CopyTo(array);
        return array;
    }

    public Array ToNDArray()
    {
        var array = Array.CreateInstance(typeof(T), [.. _shape.Select(size => (int)size)]);
        if (_shape.Length == 0) throw new NotSupportedException("A tensor without dimensions is no array; read it with item().");
        var indices = new int[_shape.Length];
        foreach (var value in this)
        {
            array.SetValue(value, indices);
            for (var i = indices.Length - 1; i >= 0 && ++indices[i] == _shape[i]; i--) indices[i] = 0;
        }
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        CheckStart(tensorIndex);
        Read(array[arrayIndex..], tensorIndex);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        CheckStart(tensorIndex);
        var source = array[arrayIndex..];
        var count = (int)Math.Min(source.Length, Count - tensorIndex);
        if (_contiguous) source[..count].CopyTo(new Span<T>(_start + tensorIndex, count));
        else for (var i = 0; i < count; i++) *At(tensorIndex + i) = source[i];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return Read(i);
    }

    private T Read(long flat) => *At(flat);

    private void Read(Span<T> target, long start)
    {
        var count = (int)Math.Min(target.Length, Count - start);
        if (_contiguous) new ReadOnlySpan<T>(_start + start, count).CopyTo(target);
        else for (var i = 0; i < count; i++) target[i] = *At(start + i);
    }

    // No place in an empty tensor: copying one is refused, and so is ToArray from two dimensions on.
    private void CheckStart(long tensorIndex)
    {
        if (tensorIndex < 0 || tensorIndex >= Count) throw new ArgumentOutOfRangeException(nameof(tensorIndex));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.Count == right.Count && left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => _tensor.GetHashCode();

    public void Dispose() => _copy?.Dispose();
}
