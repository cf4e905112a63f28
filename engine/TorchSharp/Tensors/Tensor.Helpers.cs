using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // What several members need, and members that answer in more than one way.
    public partial class Tensor
    {
        /// <summary>Puts a result into the tensor that was given for it, if one was.</summary>
        internal static Tensor Into(Tensor? target, Tensor result)
        {
            if (target is null) return result;
            using (result)
            {
                aten_("resize_", target, result.shape);
                return target.copy_(result);
            }
        }

        /// <summary>The result in another element type, if one was asked for.</summary>
        private static Tensor As(ScalarType? type, Tensor result)
        {
            if (type is not { } wanted || result.dtype == wanted) return result;
            using (result) return result.to(wanted);
        }

        private static (Tensor, Tensor) As(ScalarType? type, (Tensor, Tensor) results) => (As(type, results.Item1), As(type, results.Item2));

        /// <summary>The distinct elements (or slices along a dimension), where each went, and how often each came.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Asked(dim is { } along ? aten3("unique_dim", this, along, sorted, return_inverse, return_counts) : aten3("_unique2", this, sorted, return_inverse, return_counts), return_inverse, return_counts);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Asked(aten3("unique_consecutive", this, return_inverse, return_counts, dim), return_inverse, return_counts);

        private static (Tensor, Tensor?, Tensor?) Asked((Tensor output, Tensor inverse, Tensor counts) all, bool inverse, bool counts)
        {
            if (!inverse) all.inverse.Dispose();
            if (!counts) all.counts.Dispose();
            return (all.output, inverse ? all.inverse : null, counts ? all.counts : null);
        }

        /// <summary>The elements as nested lists of scalars; a scalar where there are no dimensions.</summary>
        public object tolist()
        {
            if (ndim == 0) return ToScalar();
            var list = new System.Collections.ArrayList();
            foreach (var part in unbind())
                using (part) list.Add(part.tolist());
            return list;
        }

        public static Tensor block_diag(params Tensor[] tensors) => torch.block_diag(tensors);
        public static (Tensor values, Tensor indices) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);

        // Single elements of a tensor on the CPU, counted in the order of their indices.
        public T ReadCpuValue<T>(long i) where T : unmanaged => data<T>()[i];
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public float ReadCpuFloat16(long i) => ReadCpuValue<float>(i);
        public float ReadCpuBFloat16(long i) => ReadCpuValue<float>(i);
    }
}
