using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1L, double eps = 1e-12)
            {
                using var norm = aten("norm.ScalarOpt_dim", input, p, new[] { dim }, true);
                using var divisor = aten("clamp_min", norm, eps);
                return aten("div.Tensor", input, divisor);
            }

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5)
            {
                if (training && input.numel() == input.size(1))
                    throw new ArgumentException($"Statistics of a batch need more than one value per channel, but the shape is [{string.Join(", ", input.shape)}].", nameof(input));
                return aten("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);
            }

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                aten("group_norm", input, num_groups, weight, bias, eps);

            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-5) =>
                aten("instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                aten("layer_norm", input, normalized_shape, weight, bias, eps);

            /// <summary>Divides each value by the mean of squares over <paramref name="size"/> neighbouring channels, scaled, shifted and raised to a power.</summary>
            public static Tensor local_response_norm(Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1.0)
            {
                if (input.ndim < 3) throw new ArgumentException($"local_response_norm takes three dimensions or more, not {input.ndim}.", nameof(input));
                // Channels become a dimension that pooling slides over; those beyond the first and last count as zero.
                using var squares = aten("mul.Tensor", input, input);
                using var rows = aten("flatten.using_ints", squares, 2, -1);
                using var planes = aten("unsqueeze", rows, 1);
                using var padded = aten("constant_pad_nd", planes, new[] { 0, 0, size / 2, (size - 1) / 2 }, 0);
                using var means = aten("avg_pool2d", padded, new[] { size, 1 }, One);
                using var shaped = aten("view", means, input.shape);
                using var scaled = aten("mul.Scalar", shaped, alpha);
                using var shifted = aten("add.Scalar", scaled, k);
                using var divisor = aten("pow.Tensor_Scalar", shifted, beta);
                return aten("div.Tensor", input, divisor);
            }
        }
    }
}
