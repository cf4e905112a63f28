using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Activation functions.
    public partial class Tensor
    {
        public Tensor relu() => aten("relu", this);
        public Tensor relu_() => aten_("relu_", this);
        public Tensor relu6() => aten("relu6", this);
        public Tensor relu6_() => aten_("relu6_", this);
        public Tensor celu() => aten("celu", this);
        public Tensor celu(Scalar alpha) => aten("celu", this, alpha);
        public Tensor celu_() => aten_("celu_", this);
        public Tensor celu_(Scalar alpha) => aten_("celu_", this, alpha);
        public Tensor elu(double alpha = 1) => aten("elu", this, alpha);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => aten("elu", this, alpha, scale, input_scale);
        public Tensor elu_(double alpha = 1) => aten_("elu_", this, alpha);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => aten_("elu_", this, alpha, scale, input_scale);
        public Tensor gelu() => aten("gelu", this);
        public Tensor gelu_() => aten_("gelu_", this);
        public Tensor glu(long dim = -1) => aten("glu", this, dim);
        public Tensor hardsigmoid() => aten("hardsigmoid", this);
        public Tensor hardsigmoid_() => aten_("hardsigmoid_", this);
        public Tensor hardswish() => aten("hardswish", this);
        public Tensor hardswish_() => aten_("hardswish_", this);
        public Tensor hardtanh(Scalar min, Scalar max) => aten("hardtanh", this, min, max);
        public Tensor hardtanh_(Scalar min, Scalar max) => aten_("hardtanh_", this, min, max);
        public Tensor leaky_relu(Scalar negative_slope) => aten("leaky_relu", this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => aten_("leaky_relu_", this, negative_slope);
        public Tensor log_sigmoid() => aten("log_sigmoid", this);
        public Tensor prelu(Tensor target) => aten("prelu", this, target);
        public Tensor rrelu(double lower = 1.0 / 8, double upper = 1.0 / 3) => aten("rrelu", this, lower, upper);
        public Tensor rrelu_(double lower = 1.0 / 8, double upper = 1.0 / 3) => aten_("rrelu_", this, lower, upper);
        public Tensor selu() => aten("selu", this);
        public Tensor selu_() => aten_("selu_", this);
        public Tensor sigmoid() => aten("sigmoid", this);
        public Tensor sigmoid_() => aten_("sigmoid_", this);
        public Tensor silu() => aten("silu", this);
        public Tensor silu_() => aten_("silu_", this);
        public Tensor softplus(double beta = 1, double threshold = 20) => aten("softplus", this, beta, threshold);
        public Tensor softmax(long dim, ScalarType? dtype = null) => aten("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => aten("log_softmax.int", this, dim, dtype);
    }
}
