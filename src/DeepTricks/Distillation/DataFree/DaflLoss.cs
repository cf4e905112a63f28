using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// What makes generated images worth learning from, as the teacher sees them: the three terms of
/// Chen et al., "Data-Free Learning of Student Networks" (DAFL), ICCV 2019, each before its weight.
/// </summary>
public static class DaflLoss
{
    private const double SmallestProbability = 1e-30;

    /// <summary>Cross-entropy against the teacher's own answer: images shall look like some class.</summary>
    /// <param name="logits">The teacher's logits [N, C] of generated images.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    public static Tensor OneHot(Tensor logits)
    {
        RelationChecks.CheckOne(logits, dimensions: 2);
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(logits, logits.detach().argmax(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Σ p log₁₀ p of the batch's mean probabilities, the least where all classes are equally frequent.</summary>
    /// <param name="logits">The teacher's logits [N, C] of generated images.</param>
    /// <returns>A scalar of at most 0.</returns>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    public static Tensor InformationEntropy(Tensor logits)
    {
        RelationChecks.CheckOne(logits, dimensions: 2);
        using var scope = NewDisposeScope();
        var frequency = logits.softmax(1).mean([0L]);
        return (frequency * frequency.clamp_min(SmallestProbability).log10()).sum().MoveToOuterDisposeScope();
    }

    /// <summary>The negative mean magnitude of the teacher's features, which real images activate more.</summary>
    /// <param name="features">The teacher's features before its last layers, of any shape.</param>
    /// <returns>A scalar of at most 0.</returns>
    public static Tensor Activation(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        return features.abs().mean().neg().MoveToOuterDisposeScope();
    }
}
