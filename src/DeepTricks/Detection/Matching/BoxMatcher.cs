using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Which object each box stands for, by their overlap.</summary>
/// <remarks>
/// As torchvision's: where nothing overlaps an object at all, its best overlap is 0, and with <see cref="KeepBest"/> every box that has none with it
/// counts as matched. Anchors that cover the image keep this from happening.
/// </remarks>
public sealed class BoxMatcher
{
    /// <summary>The box stands for the background.</summary>
    public const long Background = -1;

    /// <summary>The box stands for nothing, and is not trained with.</summary>
    public const long Between = -2;

    /// <summary>Makes a matcher.</summary>
    /// <param name="high">A box stands for an object where their overlap is at least this.</param>
    /// <param name="low">It stands for the background where its best overlap is below this; between the two it stands for nothing.</param>
    /// <param name="keepBest">
    /// Whether the boxes that overlap an object most, all that are equal, stand for what they themselves overlap most even below <paramref name="high"/>.
    /// </param>
    /// <exception cref="ArgumentException">Not 0 ≤ low ≤ high ≤ 1.</exception>
    public BoxMatcher(double high, double low, bool keepBest = false)
    {
        if (!(low >= 0 && low <= high && high <= 1)) throw new ArgumentException($"Expected 0 ≤ low ≤ high ≤ 1, and {low} and {high} came.", nameof(low));
        (High, Low, KeepBest) = (high, low, keepBest);
    }

    /// <summary>An overlap of at least this is a match.</summary>
    public double High { get; }

    /// <summary>An overlap below this is the background.</summary>
    public double Low { get; }

    /// <summary>Whether an object's best boxes count even below <see cref="High"/>.</summary>
    public bool KeepBest { get; }

    /// <summary>Matches boxes with objects.</summary>
    /// <param name="overlaps">[objects, boxes]: the intersections over the unions, of at least one object.</param>
    /// <returns>[boxes], int64: the object, or <see cref="Background"/> or <see cref="Between"/>.</returns>
    /// <exception cref="ArgumentException">There is no object, or the tensor is no matrix.</exception>
    public Tensor Match(Tensor overlaps)
    {
        ArgumentNullException.ThrowIfNull(overlaps);
        if (overlaps.dim() != 2 || overlaps.size(0) == 0)
            throw new ArgumentException($"Expected overlaps [objects, boxes] of at least one object, and {overlaps.ShapeText()} came.", nameof(overlaps));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (best, objects) = overlaps.max(0);
        var matches = objects.clone();
        matches.masked_fill_(best.lt(High), Between);
        matches.masked_fill_(best.lt(Low), Background);
        if (KeepBest && overlaps.size(1) > 0)
        {
            var (most, _) = overlaps.max(1, keepdim: true);
            matches = where(overlaps.eq(most).any(0), objects, matches);
        }

        return matches.MoveToOuterDisposeScope();
    }
}
