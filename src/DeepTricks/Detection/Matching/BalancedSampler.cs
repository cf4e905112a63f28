using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Draws boxes to train with, so many of them positive at most, the others negative.</summary>
/// <param name="count">How many boxes of an image.</param>
/// <param name="positiveFraction">The share of positive boxes, if there are so many; in [0, 1].</param>
/// <param name="permutation">
/// Gives the numbers below its argument in an order of its own, [n], int64, of which the first are taken; null for <c>torch.randperm</c>.
/// </param>
public sealed class BalancedSampler(int count, double positiveFraction, Func<long, Tensor>? permutation = null)
{
    private readonly Func<long, Tensor>? _permutation = permutation;

    /// <summary>How many boxes of an image.</summary>
    public int Count { get; } = count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "Expected at least 1.");

    /// <summary>The share of positive boxes.</summary>
    public double PositiveFraction { get; } = positiveFraction is >= 0 and <= 1
        ? positiveFraction
        : throw new ArgumentOutOfRangeException(nameof(positiveFraction), positiveFraction, "Expected a share in [0, 1].");

    /// <summary>The same sampler with a generator of the caller's, unless it has permutations of its own already.</summary>
    /// <param name="generator">A generator of the CPU; the draws are the same on every device.</param>
    public BalancedSampler DrawnBy(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return _permutation is null ? new(Count, PositiveFraction, n => randperm(n, generator: generator)) : this;
    }

    /// <summary>Draws from the boxes of one image.</summary>
    /// <param name="labels">[boxes], of any type: at least 1 where positive, 0 where negative, below where the box is not to be drawn.</param>
    /// <returns>The indices of the positive and of the negative boxes that were drawn, each in ascending order, int64.</returns>
    public (Tensor Positives, Tensor Negatives) Sample(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var positives = labels.ge(1).nonzero().view(-1);
        var negatives = labels.eq(0).nonzero().view(-1);
        var taken = Math.Min(positives.numel(), (long)(Count * PositiveFraction));
        return (
            First(positives, taken).MoveToOuterDisposeScope(),
            First(negatives, Math.Min(negatives.numel(), Count - taken)).MoveToOuterDisposeScope());
    }

    private Tensor First(Tensor indices, long taken)
    {
        // The permutation is drawn even where nothing is left out, so that the state of a generator does not depend on it.
        using var order = _permutation?.Invoke(indices.numel()) ?? randperm(indices.numel());
        var drawn = order.narrow(0, 0, taken).to(indices.device);
        var (sorted, _) = indices.index_select(0, drawn).sort();
        return sorted;
    }
}
