using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>How the distance of a prototype becomes its score: less distance, more score.</summary>
public sealed class PrototypeSimilarity
{
    /// <summary>ε of <see cref="Log"/>: 1e-4, as in the authors' code.</summary>
    public const double Epsilon = 1e-4;

    private readonly Func<Tensor, Tensor> _compute;

    private PrototypeSimilarity(string name, Func<Tensor, Tensor> compute) => (Name, _compute) = (name, compute);

    /// <summary>log((d + 1) / (d + ε)): at most 9.21, at distance 0. The default of the paper.</summary>
    public static PrototypeSimilarity Log { get; } = new("log", distances => ((distances + 1) / (distances + Epsilon)).log());

    /// <summary>−d.</summary>
    public static PrototypeSimilarity Linear { get; } = new("linear", distances => -distances);

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>A similarity of one's own.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="compute">From distances to scores of the same shape, elementwise and falling: the score of the nearest patch is taken to be the highest.</param>
    public static PrototypeSimilarity Of(string name, Func<Tensor, Tensor> compute)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(compute);
        return new(name, compute);
    }

    /// <summary>The scores of distances.</summary>
    /// <param name="distances">Any shape, floating point, at least 0.</param>
    /// <returns>Scores of the same shape.</returns>
    public Tensor Compute(Tensor distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        using var scope = NewDisposeScope();
        return _compute(distances).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
