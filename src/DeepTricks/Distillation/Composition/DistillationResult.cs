using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What a step of distillation gave.</summary>
/// <param name="Output">The student's output, to which a loss of one's own may be added.</param>
/// <param name="Terms">What the student is to take over, term by term, each with its weight.</param>
public sealed record DistillationResult(Tensor Output, IReadOnlyList<LossTerm> Terms)
{
    /// <summary>The weighted sum of the terms, to be added to the loss.</summary>
    /// <returns>A scalar, in the dispose scope of the caller.</returns>
    public Tensor Total()
    {
        using var scope = NewDisposeScope();
        return Terms.Select(term => term.Value * term.Weight).Aggregate((a, b) => a + b).MoveToOuterDisposeScope();
    }
}
