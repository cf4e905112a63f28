using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Sequences of different lengths in one tensor.</summary>
            public static partial class rnn
            {
                /// <summary>Takes the padding out of a batch of sequences.</summary>
                /// <param name="input">(length, batch, ...), or (batch, length, ...) with <paramref name="batch_first"/>.</param>
                /// <param name="lengths">How much of each sequence counts; on the CPU.</param>
                /// <param name="batch_first">Whether the batch is the first dimension.</param>
                /// <param name="enforce_sorted">Whether the lengths must fall; where not, they are sorted, and results put back in order.</param>
                public static PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true)
                {
                    using var wide = aten("to.dtype", lengths, ScalarType.Int64);
                    if (enforce_sorted)
                    {
                        var (packed, sizes) = aten2("_pack_padded_sequence", input, wide, batch_first);
                        return new(packed, sizes, null, null);
                    }
                    var (falling, order) = aten2("sort", wide, -1, true);
                    using var sortedLengths = falling;
                    var sorted = aten("to.device", order, input.device, ScalarType.Int64);
                    order.Dispose();
                    using var batch = aten("index_select", input, batch_first ? 0 : 1, sorted);
                    var (data, batchSizes) = aten2("_pack_padded_sequence", batch, sortedLengths, batch_first);
                    return new(data, batchSizes, sorted, aten("argsort", sorted));
                }

                /// <summary>Puts the padding back, and returns the lengths too.</summary>
                public static (Tensor, Tensor) pad_packed_sequence(PackedSequence sequence, bool batch_first = false, double padding_value = 0.0, long? total_length = null)
                {
                    var (padded, lengths) = aten2("_pad_packed_sequence", sequence.data, sequence.batch_sizes, batch_first, padding_value, total_length ?? -1);
                    if (sequence.unsorted_indices is not { } order) return (padded, lengths);
                    using var sortedPadded = padded;
                    using var sortedLengths = lengths;
                    using var orderOfLengths = aten("to.device", order, CPU, ScalarType.Int64);
                    return (aten("index_select", padded, batch_first ? 0 : 1, order), aten("index_select", lengths, 0, orderOfLengths));
                }

                public static Tensor pad_sequence(IEnumerable<Tensor> sequences, bool batch_first = false, double padding_value = 0.0) =>
                    aten("pad_sequence", sequences.ToArray(), batch_first, padding_value);

                public static PackedSequence pack_sequence(IEnumerable<Tensor> sequences, bool enforce_sorted = true)
                {
                    var list = sequences.ToArray();
                    using var padded = pad_sequence(list);
                    using var lengths = tensor(list.Select(sequence => sequence.size(0)).ToArray());
                    return pack_padded_sequence(padded, lengths, false, enforce_sorted);
                }
            }
        }
    }
}
