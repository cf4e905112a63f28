using System.Globalization;
using System.Security.Cryptography;
using DeepTricks.Data;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Which data it is, so that what was computed from it is not taken for another's.</summary>
/// <param name="Count">The number of samples.</param>
/// <param name="Shape">The shape and dtype of a sample.</param>
/// <param name="Checksum">The SHA-256 of the inputs' numbers, in hexadecimal.</param>
/// <param name="AugmentationSeed">The seed of whatever changes the samples before the networks see them; null where nothing does.</param>
public sealed record DataIdentity(long Count, string Shape, string Checksum, long? AugmentationSeed)
{
    /// <summary>The identity of a dataset: reads all of its inputs once.</summary>
    /// <param name="data">The dataset.</param>
    /// <param name="augmentationSeed">The seed of the loader that changes its samples (<see cref="BatchLoaderOptions.Seed"/> with a transform); null where nothing does.</param>
    public static DataIdentity Of(InMemoryDataset data, long? augmentationSeed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(data.Count, $"{data.Inputs.shape[1..].ShapeText()} {data.Inputs.dtype}", Sha256([data.Inputs]), augmentationSeed);
    }

    internal Dictionary<string, string> Texts() => new()
    {
        ["count"] = Count.ToString(CultureInfo.InvariantCulture),
        ["shape"] = Shape,
        ["checksum"] = Checksum,
        ["augmentation seed"] = AugmentationSeed?.ToString(CultureInfo.InvariantCulture) ?? "none",
    };

    internal static string Sha256(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
        {
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            if (tensor.numel() > 0) Checkpoints.TensorReader.ForPieces(tensor.detach().cpu().contiguous(), piece => hash.AppendData(piece.bytes));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
