using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Operators on tensors that modules are made of. In-place ones return a further handle on their input.</summary>
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? aten("relu_", x) : aten("relu", x);
            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? aten("relu6_", x) : aten("relu6", x);
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? aten("leaky_relu_", input, negative_slope) : aten("leaky_relu", input, negative_slope);
            public static Tensor prelu(Tensor input, Tensor weight) => aten("prelu", input, weight);

            /// <summary>The slope is the mean of the two bounds: as in TorchSharp, this function has no training mode.</summary>
            public static Tensor rrelu(Tensor x, double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false) =>
                inplace ? aten("rrelu_", x, lower, upper) : aten("rrelu", x, lower, upper);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? aten("elu_", x, alpha) : aten("elu", x, alpha);
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? aten("celu_", x, alpha) : aten("celu", x, alpha);
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? aten("selu_", x) : aten("selu", x);
            public static Tensor gelu(Tensor x, bool inplace) => inplace ? aten("gelu_", x) : aten("gelu", x);
            public static Tensor gelu(Tensor x) => aten("gelu", x);
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? aten("silu_", x) : aten("silu", x);
            public static Tensor mish(Tensor x, bool inplace = false) => inplace ? aten("mish_", x) : aten("mish", x);
            public static Tensor glu(Tensor input, long dim = -1) => aten("glu", input, dim);
            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? aten("sigmoid_", x) : aten("sigmoid", x);
            public static Tensor sigmoid(Tensor x) => aten("sigmoid", x);
            public static Tensor logsigmoid(Tensor x) => aten("log_sigmoid", x);
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? aten("tanh_", x) : aten("tanh", x);

            public static Tensor tanhshrink(Tensor x, bool inplace = false)
            {
                using var tanh = aten("tanh", x);
                return inplace ? aten("sub_.Tensor", x, tanh) : aten("sub.Tensor", x, tanh);
            }

            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using var size = aten("abs", x);
                using var divisor = aten("add.Scalar", size, 1);
                return inplace ? aten("div_.Tensor", x, divisor) : aten("div.Tensor", x, divisor);
            }

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => aten("softplus", x, beta, threshold);
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => aten("softshrink", x, lambda);
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => aten("hardshrink", x, lambda);
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => inplace ? aten("hardsigmoid_", input) : aten("hardsigmoid", input);
            public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? aten("hardswish_", input) : aten("hardswish", input);
            public static Tensor hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) =>
                inplace ? aten("hardtanh_", x, min_val, max_val) : aten("hardtanh", x, min_val, max_val);
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                inplace ? aten("threshold_", x, threshold, value) : aten("threshold", x, threshold, value);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => aten("softmax.int", input, dim, dtype);
            public static Tensor log_softmax(Tensor x, long dim) => aten("log_softmax.int", x, dim);
            public static Tensor softmax2d(Tensor x) => softmax(x, -3);

            public static Tensor softmin(Tensor x, long dim)
            {
                using var negated = aten("neg", x);
                return softmax(negated, dim);
            }

            [Obsolete("PyTorch's name is hardshrink.")]
            public static Tensor Hardshrink(Tensor x, double lambda = 0.5) => hardshrink(x, lambda);
            [Obsolete("PyTorch's name is hardtanh.")]
            public static Tensor Hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) => hardtanh(x, min_val, max_val, inplace);
            [Obsolete("PyTorch's name is mish.")]
            public static Tensor Mish(Tensor x) => mish(x);
            [Obsolete("PyTorch's name is silu.")]
            public static Tensor SiLU(Tensor x, bool inplace = false) => silu(x, inplace);
            [Obsolete("PyTorch's name is softshrink.")]
            public static Tensor Softshrink(Tensor x, double lambda = 0.5) => softshrink(x, lambda);
            [Obsolete("PyTorch's name is softsign.")]
            public static Tensor Softsign(Tensor x) => softsign(x);
            [Obsolete("PyTorch's name is tanhshrink.")]
            public static Tensor Tanhshrink(Tensor x) => tanhshrink(x);
            [Obsolete("PyTorch's name is threshold.")]
            public static Tensor Threshold(Tensor x, double threshold, double value, bool inplace = false) => functional.threshold(x, threshold, value, inplace);
        }
    }
}
