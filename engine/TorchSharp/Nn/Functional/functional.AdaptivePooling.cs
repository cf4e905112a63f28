using static TorchSharp.Native.Operators;
using static TorchSharp.Sizes;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) => aten("adaptive_avg_pool1d", input, new[] { output_size });

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => aten("adaptive_avg_pool2d", input, output_size);
            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => adaptive_avg_pool2d(input, Tuple(output_size));
            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, [output_size, output_size]);

            public static Tensor adaptive_avg_pool3d(Tensor input, long[] output_size) => aten("adaptive_avg_pool3d", input, output_size);
            public static Tensor adaptive_avg_pool3d(Tensor input, (long, long, long) output_size) =>
                adaptive_avg_pool3d(input, Tuple(output_size));
            public static Tensor adaptive_avg_pool3d(Tensor input, long output_size) => adaptive_avg_pool3d(input, [output_size, output_size, output_size]);

            public static Tensor adaptive_max_pool1d(Tensor input, long output_size) => First(adaptive_max_pool1d_with_indices(input, output_size));
            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) => First(adaptive_max_pool2d_with_indices(input, output_size));
            public static Tensor adaptive_max_pool3d(Tensor input, long[] output_size) => First(adaptive_max_pool3d_with_indices(input, output_size));

            public static (Tensor Values, Tensor Indices) adaptive_max_pool1d_with_indices(Tensor input, long output_size) =>
                aten2("adaptive_max_pool1d", input, new[] { output_size });
            public static (Tensor Values, Tensor Indices) adaptive_max_pool2d_with_indices(Tensor input, long[] output_size) =>
                aten2("adaptive_max_pool2d", input, output_size);
            public static (Tensor Values, Tensor Indices) adaptive_max_pool3d_with_indices(Tensor input, long[] output_size) =>
                aten2("adaptive_max_pool3d", input, output_size);

            private static Tensor First((Tensor Values, Tensor Indices) results)
            {
                results.Indices.Dispose();
                return results.Values;
            }

            public static Tensor max_unpool1d(Tensor input, Tensor indices, long kernel_size, long? stride = null, long? padding = null, long[]? output_size = null)
            {
                var length = UnpooledSize(input, [kernel_size], List(stride, [kernel_size]), List(padding, Zero), output_size);
                using var plane = aten("unsqueeze", input, -1);
                using var places = aten("unsqueeze", indices, -1);
                using var unpooled = aten("max_unpool2d", plane, places, new[] { length[0], 1 });
                return aten("squeeze.dim", unpooled, -1);
            }

            public static Tensor max_unpool2d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? output_size = null) =>
                aten("max_unpool2d", input, indices, UnpooledSize(input, kernel_size, stride ?? kernel_size, padding ?? [0, 0], output_size));

            public static Tensor max_unpool3d(Tensor input, Tensor indices, long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? output_size = null)
            {
                stride ??= kernel_size;
                padding ??= [0, 0, 0];
                return aten("max_unpool3d", input, indices, UnpooledSize(input, kernel_size, stride, padding, output_size), stride, padding);
            }

            /// <summary>The spatial size before pooling: the one asked for, which may come with the batch's and channels' size, or the smallest that pools to the input.</summary>
            private static long[] UnpooledSize(Tensor input, long[] kernel, long[] stride, long[] padding, long[]? asked)
            {
                if (asked is { Length: > 0 }) return asked.Length == kernel.Length + 2 ? asked[2..] : asked;
                var pooled = input.shape;
                var sizes = new long[kernel.Length];
                for (var i = 0; i < sizes.Length; i++) sizes[i] = ((pooled[pooled.Length - sizes.Length + i] - 1) * stride[i]) + kernel[i] - (2 * padding[i]);
                return sizes;
            }
        }
    }
}
