using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>What is known of the samples of a dataset beside input and target (masks, boxes, finer labels), one row each, looked up by a batch's indices.</summary>
public sealed class SampleTable : IDisposable
{
    private readonly Tensor _rows;

    /// <summary>Makes a table of a tensor, which it takes over.</summary>
    /// <param name="rows">[samples, ...], of any type, in the order of the dataset.</param>
    /// <exception cref="ArgumentException">It has no first dimension.</exception>
    public SampleTable(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() < 1)
        {
            throw new ArgumentException("Expected one row for each sample; the tensor is a scalar.", nameof(rows));
        }

        _rows = rows.DetachFromDisposeScope();
    }

    /// <summary>The rows of a step's batch, on the device of its input.</summary>
    /// <param name="step">The step.</param>
    /// <returns>[batch, ...].</returns>
    public Tensor Of(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Of(step.Batch.Indices.Span, step.BatchInput.device);
    }

    /// <summary>The rows of samples.</summary>
    /// <param name="indices">The samples' indices, as in <see cref="Data.Batch.Indices"/>.</param>
    /// <param name="device">Where to have them; null for where the table is.</param>
    /// <returns>[indices, ...].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the table.</exception>
    public Tensor Of(ReadOnlySpan<long> indices, Device? device = null)
    {
        foreach (var index in indices)
        {
            if ((ulong)index >= (ulong)_rows.size(0))
            {
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"The table has {_rows.size(0)} rows.");
            }
        }

        using var scope = NewDisposeScope();
        var found = _rows.index_select(0, tensor(indices.ToArray(), device: _rows.device));
        return (device is null ? found : found.to(device)).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes of the rows.</summary>
    public void Dispose() => _rows.Dispose();

    /// <summary>The part of a batch's rows that belongs to the step's micro-batch.</summary>
    internal static Tensor MicroBatch(StepContext step, Tensor rows) =>
        step.Rows == step.BatchRows ? rows : rows.narrow(0, step.MicroBatch * step.Trainer.Options.MicroBatchSize!.Value, step.Rows);
}
