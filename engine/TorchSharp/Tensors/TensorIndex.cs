namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place between the brackets of an indexed tensor: a number, a slice, a mask, an ellipsis, a new dimension.</summary>
    public readonly struct TensorIndex
    {
        internal enum IndexKind { NewDimension, Single, Slice, Ellipsis, Bool, Tensor }

        /// <summary>All dimensions that no other index speaks of.</summary>
        public static readonly TensorIndex Ellipsis = new(IndexKind.Ellipsis);

        /// <summary>A new dimension of size 1.</summary>
        public static readonly TensorIndex None = new(IndexKind.NewDimension);

        /// <summary>A new dimension of size 1.</summary>
        public static readonly TensorIndex Null = new(IndexKind.NewDimension);

        /// <summary>A whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        private TensorIndex(IndexKind kind, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null) =>
            (Kind, Start, Stop, Step, Elements) = (kind, start, stop, step, tensor);

        internal IndexKind Kind { get; }

        /// <summary>Where a slice starts, or the number itself; 1 for true.</summary>
        internal long? Start { get; }
        internal long? Stop { get; }
        internal long? Step { get; }
        internal Tensor? Elements { get; }

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(IndexKind.Slice, start, stop, step);

        public static TensorIndex Slice(Range range) => Slice(From(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : From(range.End));

        public static TensorIndex Slice((int?, int?) range) => Slice(range.Item1, range.Item2);

        public static TensorIndex Bool(bool value) => new(IndexKind.Bool, value ? 1 : 0);

        public static TensorIndex Single(long? index) => new(IndexKind.Single, index);

        public static TensorIndex Tensor(Tensor tensor) => new(IndexKind.Tensor, tensor: tensor);

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex(Index index) => Single(From(index));
        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);

        /// <summary>Never used: it tells the compiler which of two indexers is meant.</summary>
        public static implicit operator Tensor(TensorIndex value) => throw new InvalidOperationException("An index is no tensor.");

        private static long From(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
