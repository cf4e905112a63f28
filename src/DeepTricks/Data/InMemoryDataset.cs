using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>
/// Samples held as tensors, the samples along the first dimension. It owns the tensors: disposing of it disposes of them.
/// </summary>
public sealed class InMemoryDataset : IDisposable
{
    /// <summary>Makes a dataset of tensors, which it takes over: they are detached from their dispose scope.</summary>
    /// <param name="inputs">The inputs, N x ..., of any type and on any device.</param>
    /// <param name="targets">The targets, N x ..., on the device of the inputs; null where the data is unlabelled.</param>
    /// <exception cref="ArgumentException">The tensors have no first dimension, or differ in it or in their device.</exception>
    public InMemoryDataset(Tensor inputs, Tensor? targets = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.dim() < 1 || inputs.shape[0] > int.MaxValue)
        {
            throw new ArgumentException(
                $"Expected at least one dimension and at most {int.MaxValue} samples; the shape is {inputs.ShapeText()}.", nameof(inputs));
        }

        if (targets is not null && (targets.dim() < 1 || targets.shape[0] != inputs.shape[0]))
        {
            throw new ArgumentException(
                $"Expected {inputs.shape[0]} rows, as many as inputs; the shape is {targets.ShapeText()}.", nameof(targets));
        }

        if (targets is not null && targets.device.ToString() != inputs.device.ToString())
        {
            throw new ArgumentException(
                $"Expected the device of the inputs, {inputs.device}; the targets are on {targets.device}.", nameof(targets));
        }

        Inputs = inputs.DetachFromDisposeScope();
        Targets = targets?.DetachFromDisposeScope();
        Count = (int)inputs.shape[0];
    }

    /// <summary>The inputs, N x ....</summary>
    public Tensor Inputs { get; }

    /// <summary>The targets, N x ...; null where the data is unlabelled.</summary>
    public Tensor? Targets { get; }

    /// <summary>The number of samples, N.</summary>
    public int Count { get; }

    /// <summary>A dataset of the samples from <paramref name="start"/> on, with memory of its own.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many samples.</param>
    /// <returns>The dataset; the caller disposes of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The samples are not all in this dataset.</exception>
    public InMemoryDataset Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        using var scope = NewDisposeScope();
        return new(Inputs.narrow(0, start, count).clone(), Targets?.narrow(0, start, count).clone());
    }

    /// <summary>Disposes of the tensors; a second call does nothing.</summary>
    public void Dispose()
    {
        Inputs.Dispose();
        Targets?.Dispose();
    }
}
