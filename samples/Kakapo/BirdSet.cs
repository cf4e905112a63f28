using static TorchSharp.torch;

namespace KakapoSample;

/// <summary>Pictures of birds, and what is known of them.</summary>
internal sealed class BirdSet : IDisposable
{
    /// <summary>[N, 3, 48, 48] in [0, 1].</summary>
    public required Tensor Images { get; init; }

    /// <summary>The species, [N] int64.</summary>
    public required Tensor Labels { get; init; }

    /// <summary>1 where the bird is, head and all, [N, 48, 48].</summary>
    public required Tensor Birds { get; init; }

    /// <summary>1 where the head is, [N, 48, 48].</summary>
    public required Tensor Heads { get; init; }

    /// <summary>A box around each head, [N, 4]: left, top, right, bottom.</summary>
    public required Tensor HeadBoxes { get; init; }

    /// <summary>The finer class within the species, and which way the bird faces, [N, 2] int64.</summary>
    public required Tensor Details { get; init; }

    /// <summary>What was drawn.</summary>
    public required IReadOnlyList<BirdFacts> Facts { get; init; }

    public int Count => Facts.Count;

    public void Dispose()
    {
        foreach (var tensor in new[] { Images, Labels, Birds, Heads, HeadBoxes, Details }) tensor.Dispose();
    }
}
