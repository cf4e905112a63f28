using static TorchSharp.Native.Operators;
using static TorchSharp.Sizes;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor fractional_max_pool2d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                First(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                First(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool2d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                First(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));

            public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                fractional_max_pool2d_with_indices(input, Same(kernel_size, 2), Same(output_size, 2), Same(output_ratio, 2));

            public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, (long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                fractional_max_pool2d_with_indices(input, Tuple(kernel_size), Tuple(output_size), Tuple(output_ratio));

            public static (Tensor Values, Tensor Indices) fractional_max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null)
            {
                output_size = FractionalSize(input, 2, kernel_size, output_size, output_ratio);
                using var samples = FractionalSamples(input, 2);
                return aten2("fractional_max_pool2d", input, kernel_size, output_size, samples);
            }

            public static Tensor fractional_max_pool3d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                First(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool3d(Tensor input, (long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                First(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool3d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                First(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));

            public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                fractional_max_pool3d_with_indices(input, Same(kernel_size, 3), Same(output_size, 3), Same(output_ratio, 3));

            public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, (long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                fractional_max_pool3d_with_indices(input, Tuple(kernel_size), Tuple(output_size), Tuple(output_ratio));

            public static (Tensor Values, Tensor Indices) fractional_max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null)
            {
                output_size = FractionalSize(input, 3, kernel_size, output_size, output_ratio);
                using var samples = FractionalSamples(input, 3);
                return aten2("fractional_max_pool3d", input, kernel_size, output_size, samples);
            }

            /// <summary>The size of the output: the one that is given, or the ratio times the input's.</summary>
            internal static long[] FractionalSize(Tensor? input, int dimensions, long[] kernel, long[]? size, double[]? ratio)
            {
                if (kernel.Length != dimensions) throw new ArgumentException($"The kernel's size has {kernel.Length} elements, {dimensions} are expected.", nameof(kernel));
                if (size is null == ratio is null) throw new ArgumentException("Fractional pooling takes either output_size or output_ratio.");
                if ((size?.Length ?? ratio!.Length) != dimensions) throw new ArgumentException($"The output's size or ratio has {dimensions} elements.");
                if (size is not null || input is null) return size!;
                var sizes = new long[dimensions];
                for (var i = 0; i < dimensions; i++) sizes[i] = (long)(input.size(i - dimensions) * ratio![i]);
                return sizes;
            }

            /// <summary>Where the regions lie: a number in [0, 1) for each channel and dimension.</summary>
            private static Tensor FractionalSamples(Tensor input, int dimensions)
            {
                var batch = input.ndim == dimensions + 1 ? 1 : input.size(0);
                using var like = aten("detach", input);
                using var values = aten("new_empty", like, new[] { batch, input.size(-dimensions - 1), dimensions });
                return aten("uniform_", values, 0.0, 1.0);
            }
        }
    }
}
