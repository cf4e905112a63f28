using TorchSharp.Native;
using static TorchSharp.Native.Operators;
using static TorchSharp.Sizes;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // Strides left out are the kernel's size.
            private static readonly long[] KernelSize = [];

            public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                aten("max_pool1d", input, new[] { kernel_size }, List(stride, KernelSize), List(padding, Zero), List(dilation, One), ceil_mode);

            public static (Tensor output, Tensor indices) max_pool1d_with_indices(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                aten2("max_pool1d_with_indices", input, new[] { kernel_size }, List(stride, KernelSize), List(padding, Zero), List(dilation, One), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                ChannelsLastMaxPool.Suits(input)
                    ? First(max_pool2d_with_indices(input, kernel_size, strides, padding, dilation, ceil_mode))
                    : aten("max_pool2d", input, kernel_size, strides ?? KernelSize, padding ?? Zero, dilation ?? One, ceil_mode);

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, [kernel_size], List(stride, KernelSize), List(padding, Zero), List(dilation, One), ceil_mode);

            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Tuple(kernel_size), Tuple(stride), Tuple(padding), Tuple(dilation), ceil_mode);

            public static (Tensor output, Tensor indices) max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                ChannelsLastMaxPool.Suits(input)
                    ? ChannelsLastMaxPool.Of(input, kernel_size, strides ?? KernelSize, padding ?? Zero, dilation ?? One, ceil_mode)
                    : aten2("max_pool2d_with_indices", input, kernel_size, strides ?? KernelSize, padding ?? Zero, dilation ?? One, ceil_mode);

            public static Tensor max_pool3d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                aten("max_pool3d", input, kernel_size, strides ?? KernelSize, padding ?? Zero, dilation ?? One, ceil_mode);

            public static (Tensor output, Tensor indices) max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                aten2("max_pool3d_with_indices", input, kernel_size, strides ?? KernelSize, padding ?? Zero, dilation ?? One, ceil_mode);

            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true) =>
                aten("avg_pool1d", input, new[] { kernel_size }, List(stride, KernelSize), List(padding, Zero), ceil_mode, count_include_pad);

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                aten("avg_pool2d", input, kernel_size, stride ?? KernelSize, padding ?? Zero, ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, [kernel_size], List(stride, KernelSize), [padding], ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Tuple(kernel_size), Tuple(stride), Tuple(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool3d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                aten("avg_pool3d", input, kernel_size, stride ?? KernelSize, padding ?? Zero, ceil_mode, count_include_pad, divisor_override);

            public static Tensor lp_pool1d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false)
            {
                using var powers = aten("pow.Tensor_Scalar", input, norm_type);
                using var means = avg_pool1d(powers, kernel_size, stride, null, ceil_mode);
                return LpNorm(means, norm_type, kernel_size);
            }

            public static Tensor lp_pool2d(Tensor input, double norm_type, long[] kernel_size, long[]? stride = null, bool ceil_mode = false)
            {
                using var powers = aten("pow.Tensor_Scalar", input, norm_type);
                using var means = avg_pool2d(powers, kernel_size, stride, null, ceil_mode);
                return LpNorm(means, norm_type, kernel_size[0] * kernel_size[^1]);
            }

            public static Tensor lp_pool2d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
                lp_pool2d(input, norm_type, Same(kernel_size, 2), Same(stride, 2), ceil_mode);

            // sign(m) relu(|m|) is m, but has the gradient 0 at 0, where that of the root is infinite.
            private static Tensor LpNorm(Tensor means, double norm_type, long count)
            {
                using var signs = aten("sign", means);
                using var sizes = aten("abs", means);
                using var positive = aten("relu", sizes);
                using var signed = aten("mul.Tensor", signs, positive);
                using var sums = aten("mul.Scalar", signed, count);
                return aten("pow.Tensor_Scalar", sums, 1 / norm_type);
            }
        }
    }
}
