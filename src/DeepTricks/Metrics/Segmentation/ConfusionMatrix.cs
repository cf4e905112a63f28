using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>
/// Counts pixels by their true class and the one predicted, over any number of batches, on the device; the scores of all pixels together come from it.
/// </summary>
/// <remarks>
/// On the CPU a batch is read once, scores [N, C, ...] too, without a tensor of labels in between. On other devices bincount counts, which waits for the
/// device; a label that is no class is found out there when the counts are read.
/// </remarks>
/// <example><code>
/// using var matrix = new ConfusionMatrix(classes: 21, ignoreIndex: 255);
/// foreach (var batch in batches)
///     matrix.Update(model.call(batch.Input), batch.Target!);
/// Console.WriteLine(matrix.Compute().MeanIntersectionOverUnion);
/// </code></example>
public sealed class ConfusionMatrix : IDisposable
{
    private Tensor? _counts;
    private Tensor? _wrong;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="classes">The number of classes, C.</param>
    /// <param name="ignoreIndex">Pixels with this label in the target count for nothing; null, the default, for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one class.</exception>
    public ConfusionMatrix(int classes, long? ignoreIndex = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        (Classes, IgnoreIndex) = (classes, ignoreIndex);
    }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>The label that does not count.</summary>
    public long? IgnoreIndex { get; }

    /// <summary>Counts a batch.</summary>
    /// <param name="output">Scores [N, C, ...] of a floating dtype, of which the highest counts, or labels [N, ...] of an integral one.</param>
    /// <param name="target">Labels [N, ...] of an integral dtype, on the same device.</param>
    /// <exception cref="ArgumentException">Another shape or dtype; or, on the CPU, a label that is no class. Then nothing of the batch is counted.</exception>
    public void Update(Tensor output, Tensor target)
    {
        SegmentationChecks.CheckLabels(output, target, Classes);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (counts, wrong) = ClassPairs.Count(output, target, Classes, IgnoreIndex);
        LabelErrors.ThrowOnCpu(wrong, Classes);
        _counts ??= zeros([Classes, Classes], ScalarType.Int64, target.device).DetachFromDisposeScope();
        _wrong ??= zeros([2], ScalarType.Int64, target.device).DetachFromDisposeScope();
        _counts.add_(counts.sum([0]));
        _wrong.add_(wrong);
    }

    /// <summary>The counts, [C, C]: the row is the true class, the column the one predicted. Waits for the device.</summary>
    /// <exception cref="InvalidOperationException">A label was no class.</exception>
    public long[,] Counts()
    {
        var counts = new long[Classes, Classes];
        if (_counts is null)
            return counts;
        LabelErrors.Throw(_wrong!, Classes);
        using var host = _counts.cpu();
        MemoryMarshal.Cast<byte, long>(host.bytes).CopyTo(MemoryMarshal.CreateSpan(ref counts[0, 0], counts.Length));
        return counts;
    }

    /// <summary>The scores of all pixels together. Waits for the device.</summary>
    /// <param name="emptyClasses">What a class counts for that is in neither prediction nor truth; it is left out by default.</param>
    /// <param name="includeBackground">Whether class 0 is in means over the classes; it is by default.</param>
    /// <exception cref="InvalidOperationException">A label was no class.</exception>
    public SegmentationScores Compute(EmptyClassPolicy emptyClasses = EmptyClassPolicy.LeaveOutAbsent, bool includeBackground = true)
    {
        var counts = Counts();
        return new(OverlapCounts.Of(MemoryMarshal.CreateSpan(ref counts[0, 0], counts.Length), Classes), emptyClasses, includeBackground || Classes == 1 ? 0 : 1);
    }

    /// <summary>Starts anew.</summary>
    public void Reset()
    {
        _counts?.zero_();
        _wrong?.zero_();
    }

    /// <summary>Disposes of the counts.</summary>
    public void Dispose()
    {
        _counts?.Dispose();
        _wrong?.Dispose();
        (_counts, _wrong) = (null, null);
    }
}
