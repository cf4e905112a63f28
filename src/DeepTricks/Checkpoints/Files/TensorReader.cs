using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>Copies stored tensors into memory, each byte once.</summary>
internal static class TensorReader
{
    // Spans end at int.MaxValue bytes; larger tensors go in pieces.
    private const long PieceBytes = 1 << 30;

    /// <summary>A new tensor on the CPU with the strides of the stored one, or contiguous where that one leaves gaps or repeats itself.</summary>
    internal static Tensor Read(StoredTensor stored)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        if (stored.IsContiguous)
        {
            var tensor = empty(stored.Shape, dtype: stored.Type);
            Fill(tensor, stored);
            return tensor.MoveToOuterDisposeScope();
        }
        var flat = empty(stored.Span, dtype: stored.Type);
        Fill(flat, stored);
        var view = flat.as_strided(stored.Shape, stored.Strides);
        return (stored.Span == stored.Count ? view : view.contiguous()).MoveToOuterDisposeScope();
    }

    /// <summary>Copies into a tensor of the same shape, of any device, and of another dtype too where the caller wants it.</summary>
    internal static void ReadInto(StoredTensor stored, Tensor target)
    {
        using var ungraded = no_grad();
        if (stored.IsContiguous && target.dtype == stored.Type && target.device_type == TorchSharp.DeviceType.CPU && target.is_contiguous())
        {
            Fill(target, stored);
            return;
        }
        using var read = Read(stored);
        target.copy_(read);
    }

    /// <summary>Hands the bytes of a contiguous tensor on the CPU to an action, in pieces that a span can hold.</summary>
    internal static void ForPieces(Tensor tensor, Action<Tensor> act)
    {
        var size = tensor.numel() * tensor.element_size();
        if (size == 0)
            return;
        if (size <= PieceBytes)
        {
            act(tensor);
            return;
        }
        using var scope = NewDisposeScope();
        var flat = tensor.view(-1);
        var step = PieceBytes / tensor.element_size();
        for (var start = 0L; start < flat.numel(); start += step)
            act(flat.narrow(0, start, Math.Min(step, flat.numel() - start)));
    }

    private static void Fill(Tensor tensor, StoredTensor stored)
    {
        using var cursor = stored.Bytes.At(stored.Offset * stored.ElementSize);
        ForPieces(tensor, piece => cursor.Fill(piece.bytes));
    }
}
