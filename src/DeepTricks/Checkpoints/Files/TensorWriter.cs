using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>Writes the elements of tensors in their order.</summary>
internal static class TensorWriter
{
    internal static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        TensorReader.ForPieces(tensor.detach().cpu().contiguous(), piece => stream.Write(piece.bytes));
    }
}
