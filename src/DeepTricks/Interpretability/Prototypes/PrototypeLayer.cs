using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Prototypes over feature maps, to be put into any network: a score for each prototype, that of the patch nearest to it. <see cref="ProtoPNet"/> is
/// the network of the paper around them.
/// </summary>
public sealed class PrototypeLayer : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "prototype_vectors")] private readonly Parameter _prototypes;

    /// <summary>Makes the layer with prototypes drawn uniformly from [0, 1), the range of features behind a sigmoid, as the authors do.</summary>
    /// <param name="shape">How many prototypes, and how large.</param>
    /// <param name="similarity">How distances become scores; <see cref="PrototypeSimilarity.Log"/> where null.</param>
    /// <param name="generator">Draws them, a generator of the CPU; null for libtorch's own.</param>
    public PrototypeLayer(PrototypeShape shape, PrototypeSimilarity? similarity = null, Generator? generator = null)
        : base(nameof(PrototypeLayer))
    {
        ArgumentNullException.ThrowIfNull(shape);
        Similarity = similarity ?? PrototypeSimilarity.Log;
        _prototypes = new(rand(shape.Sizes, generator: generator));
        _prototypes.DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>The prototypes, [P, C, h, w].</summary>
    public Parameter Prototypes => _prototypes;

    /// <summary>How distances become scores.</summary>
    public PrototypeSimilarity Similarity { get; }

    /// <summary>The score of each prototype in each image.</summary>
    /// <param name="features">[N, C, H, W], no smaller than the prototypes.</param>
    /// <returns>[N, P].</returns>
    public override Tensor forward(Tensor features)
    {
        using var distances = Distances(features);
        return Similarity.Compute(distances);
    }

    /// <summary>The distance of each prototype to the patch nearest to it, which the costs are computed of.</summary>
    /// <param name="features">[N, C, H, W].</param>
    /// <returns>[N, P]; see <see cref="PrototypeDistance.Minimum"/>.</returns>
    public Tensor Distances(Tensor features) => PrototypeDistance.Minimum(features, _prototypes);

    /// <summary>The distance of each prototype to each patch.</summary>
    /// <param name="features">[N, C, H, W].</param>
    /// <returns>[N, P, H − h + 1, W − w + 1].</returns>
    public Tensor DistanceMaps(Tensor features) => PrototypeDistance.Maps(features, _prototypes);
}
