using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Order and search.
    public partial class Tensor
    {
        public Tensor argsort(long dim = -1, bool descending = false) => aten("argsort", this, dim, descending);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) => aten2("sort.stable", this, stable, dim, descending);
        public Tensor msort() => aten("msort", this);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => aten2("topk", this, k, dim, largest, sorted);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => aten("bucketize.Tensor", this, boundaries, outInt32, right);
    }
}
