using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // A tensor in parts.
    public partial class Tensor
    {
        public Tensor[] chunk(long chunks, long dim = 0) => atenList("chunk", this, chunks, dim);
        public Tensor[] dsplit(long size) => atenList("dsplit.int", this, size);
        public Tensor[] dsplit(Tensor indices) => dsplit(indices.data<long>().ToArray());
        public Tensor[] dsplit((long, long, long, long) indices_or_sections) =>
            dsplit(indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3, indices_or_sections.Item4);
        public Tensor[] dsplit((long, long, long) indices_or_sections) => dsplit(indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3);
        public Tensor[] dsplit((long, long) indices_or_sections) => dsplit(indices_or_sections.Item1, indices_or_sections.Item2);
        public Tensor[] dsplit(params long[] sizes) => atenList("dsplit.array", this, sizes);
        public Tensor[] hsplit(long size) => atenList("hsplit.int", this, size);
        public Tensor[] hsplit(Tensor indices) => hsplit(indices.data<long>().ToArray());
        public Tensor[] hsplit(params long[] sizes) => atenList("hsplit.array", this, sizes);
        public Tensor[] split(long size, int dim = 0) => atenList("split.Tensor", this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => atenList("split_with_sizes", this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => atenList("split_with_sizes", this, sizes, dim);
        public Tensor[] split(params long[] sizes) => atenList("split_with_sizes", this, sizes);
        public Tensor[] tensor_split(long size, long dim = 0) => atenList("tensor_split.sections", this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => atenList("tensor_split.indices", this, sizes, dim);
        public Tensor[] tensor_split(Tensor indices, long dim = 0) => atenList("tensor_split.tensor_indices_or_sections", this, indices, dim);
        public Tensor[] unbind(long dimension = 0) => atenList("unbind.int", this, dimension);
        public Tensor[] vsplit(long size) => atenList("vsplit.int", this, size);
        public Tensor[] vsplit(Tensor indices) => vsplit(indices.data<long>().ToArray());
        public Tensor[] vsplit(params long[] sizes) => atenList("vsplit.array", this, sizes);
    }
}
