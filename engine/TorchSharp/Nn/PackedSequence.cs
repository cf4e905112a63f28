using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static partial class rnn
            {
                /// <summary>A batch of sequences step by step, the longest first, without padding.</summary>
                public sealed class PackedSequence : IDisposable
                {
                    /// <summary>The values of the first step of every sequence, then those of the second, and so on.</summary>
                    public readonly Tensor data;

                    /// <summary>How many sequences reach each step.</summary>
                    public readonly Tensor batch_sizes;

                    /// <summary>Where each sequence stood before sorting; null where they were in order.</summary>
                    public readonly Tensor? sorted_indices;

                    /// <summary>Where each sequence stands now; null where they were in order.</summary>
                    public readonly Tensor? unsorted_indices;

                    internal PackedSequence(Tensor data, Tensor batchSizes, Tensor? sortedIndices, Tensor? unsortedIndices) =>
                        (this.data, batch_sizes, sorted_indices, unsorted_indices) = (data, batchSizes, sortedIndices, unsortedIndices);

                    private IEnumerable<Tensor> Tensors => new[] { data, batch_sizes, sorted_indices, unsorted_indices }.OfType<Tensor>();

                    /// <summary>The same sequences with other values.</summary>
                    internal PackedSequence With(Tensor values) => new(values, batch_sizes.alias(), sorted_indices?.alias(), unsorted_indices?.alias());

                    /// <summary>A state of (layers, batch, width) in the order of the sorted sequences; a new tensor or handle.</summary>
                    internal Tensor Sorted(Tensor state) => sorted_indices is null ? state.alias() : aten("index_select", state, 1, sorted_indices);

                    /// <summary>A state in the order that the sequences came in. The one given is disposed of where another takes its place.</summary>
                    internal Tensor Unsorted(Tensor state)
                    {
                        if (unsorted_indices is null) return state;
                        using var sorted = state;
                        return aten("index_select", state, 1, unsorted_indices);
                    }

                    public void Dispose()
                    {
                        foreach (var tensor in Tensors) tensor.Dispose();
                    }

                    public PackedSequence MoveToOuterDisposeScope()
                    {
                        foreach (var tensor in Tensors) tensor.MoveToOuterDisposeScope();
                        return this;
                    }

                    public PackedSequence DetachFromDisposeScope()
                    {
                        foreach (var tensor in Tensors) tensor.DetachFromDisposeScope();
                        return this;
                    }

                    public PackedSequence MoveToOtherDisposeScope(PackedSequence other) => MoveToOtherDisposeScope(other.data.OwningDisposeScope);

                    public PackedSequence MoveToOtherDisposeScope(DisposeScope? other)
                    {
                        foreach (var tensor in Tensors) tensor.MoveToOtherDisposeScope(other);
                        return this;
                    }
                }
            }
        }
    }
}
