using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>The samples of one step. It owns its tensors: disposing of the batch disposes of them.</summary>
/// <remarks>
/// The tensors belong to no dispose scope, neither of the thread that made the batch nor of the loop that takes it: a scope that
/// opens or closes around the loop leaves them alone, and <see cref="Dispose"/> alone ends them:
/// <code>
/// foreach (var batch in loader.Epoch(0))
/// {
///     using (batch)
///     {
///         ...
///     }
/// }
/// </code>
/// </remarks>
public sealed class Batch : IDisposable
{
    /// <summary>Makes a batch of tensors, which it takes over: they are detached from their dispose scope.</summary>
    /// <param name="input">The inputs, samples along the first dimension.</param>
    /// <param name="target">The targets, samples along the first dimension; null where the data is unlabelled.</param>
    /// <param name="indices">The index of each sample in its dataset, in the order of the rows.</param>
    /// <param name="position">The place of the batch in the stream of batches.</param>
    /// <exception cref="ArgumentException">The first dimensions and the number of indices differ.</exception>
    public Batch(Tensor input, Tensor? target, ReadOnlyMemory<long> indices, DataPosition position = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckRows(input, indices.Length, nameof(input));
        if (target is not null)
        {
            CheckRows(target, indices.Length, nameof(target));
        }

        Input = input.DetachFromDisposeScope();
        Target = target?.DetachFromDisposeScope();
        Indices = indices;
        Position = position;
    }

    /// <summary>The inputs, samples along the first dimension.</summary>
    public Tensor Input { get; }

    /// <summary>The targets, samples along the first dimension; null where the data is unlabelled.</summary>
    public Tensor? Target { get; }

    /// <summary>The index of each sample in its dataset, in the order of the rows.</summary>
    public ReadOnlyMemory<long> Indices { get; }

    /// <summary>
    /// The place of the batch in the stream of batches; a checkpoint written after this batch's step keeps its
    /// <see cref="DataPosition.Next"/>.
    /// </summary>
    public DataPosition Position { get; }

    /// <summary>The number of samples.</summary>
    public int Count => Indices.Length;

    /// <summary>Disposes of the tensors; a second call does nothing.</summary>
    public void Dispose()
    {
        Input.Dispose();
        Target?.Dispose();
    }

    private static void CheckRows(Tensor tensor, int count, string parameter)
    {
        if (tensor.dim() < 1 || tensor.shape[0] != count)
        {
            throw new ArgumentException(
                $"Expected {count} rows, one for each index; the shape is {tensor.ShapeText()}.", parameter);
        }
    }
}
