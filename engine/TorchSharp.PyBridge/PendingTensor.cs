using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>A tensor of an archive that has not been read.</summary>
internal sealed record PendingTensor(StateArchive Archive, string Storage, ScalarType Type, long StorageLength, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Reads the tensor; tensors of one storage share their memory.</summary>
    public Tensor Read()
    {
        var storage = Archive.ReadStorage(Storage, Type, StorageLength);
        using var _ = no_grad();
        return storage.as_strided(Shape, Strides, Offset);
    }

    public override string ToString() => $"[{string.Join("x", Shape)}], type = {Type}, not read";
}
