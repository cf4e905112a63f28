using static TorchSharp.Native.Operators;
using static TorchSharp.Sizes;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // A list of one element stands for every spatial dimension.
            private static readonly long[] Zero = [0];
            private static readonly long[] One = [1];

            private static string Name(Padding padding) => padding == Padding.Same ? "same" : "valid";

            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                aten("conv1d", input, weight, bias, List(stride, One), List(padding, Zero), List(dilation, One), groups);

            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid, long? dilation = null, long groups = 1) =>
                aten("conv1d.padding", input, weight, bias, List(stride, One), Name(padding), List(dilation, One), groups);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                aten("conv2d", input, weight, bias, strides ?? One, padding ?? Zero, dilation ?? One, groups);

            public static Tensor conv2d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                aten("conv2d.padding", input, weight, bias, strides ?? One, Name(padding), dilation ?? One, groups);

            public static Tensor conv3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                aten("conv3d", input, weight, bias, strides ?? One, padding ?? Zero, dilation ?? One, groups);

            public static Tensor conv3d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                aten("conv3d.padding", input, weight, bias, strides ?? One, Name(padding), dilation ?? One, groups);

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1) =>
                aten("conv_transpose1d", input, weight, bias, List(stride, One), List(padding, Zero), List(output_padding, Zero), groups, List(dilation, One));

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                aten("conv_transpose2d.input", input, weight, bias, strides ?? One, padding ?? Zero, output_padding ?? Zero, groups, dilation ?? One);

            public static Tensor conv_transpose3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                aten("conv_transpose3d.input", input, weight, bias, strides ?? One, padding ?? Zero, output_padding ?? Zero, groups, dilation ?? One);

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                aten("im2col", input, Tuple(kernel_size), Tuple(dilation ?? (1, 1)), Tuple(padding ?? (0, 0)), Tuple(stride ?? (1, 1)));

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                aten("col2im", input, Tuple(output_size), Tuple(kernel_size), Tuple(dilation ?? (1, 1)), Tuple(padding ?? (0, 0)), Tuple(stride ?? (1, 1)));
        }
    }
}
