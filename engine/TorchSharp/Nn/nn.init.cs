using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>First values of parameters, drawn as PyTorch draws them. Every function returns the tensor that it filled.</summary>
        public static class init
        {
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            /// <param name="nonlinearity">What follows the layer.</param>
            /// <param name="param">The slope of a leaky ReLU; unlike PyTorch's, 0 where it is left out.</param>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + Math.Pow(param, 2))),
                _ => 1,
            };

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException($"A fan takes two dimensions or more, not {shape.Length}.", nameof(tensor));
                long field = 1;
                for (var i = 2; i < shape.Length; i++) field *= shape[i];
                return (shape[1] * field, shape[0] * field);
            }

            public static Tensor ones_(Tensor tensor) => Fill(tensor, 1);

            public static Tensor zeros_(Tensor tensor) => Fill(tensor, 0);

            public static Tensor constant_(Tensor tensor, Scalar val) => Fill(tensor, val);

            // TorchSharp takes generators here and draws from the default one: to draw from another, call the tensor's own uniform_ or normal_.
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
            {
                using var _ = no_grad();
                return aten_("uniform_", tensor, low, high);
            }

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                using var _ = no_grad();
                return aten_("normal_", tensor, mean, std);
            }

            /// <summary>A normal distribution cut at <paramref name="a"/> and <paramref name="b"/>, drawn by the inverse of its distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0.0, double std = 1.0, double a = -2.0, double b = 2.0, Generator? generator = null)
            {
                using var _ = no_grad();
                aten_("uniform_", tensor, (2 * NormalBelow((a - mean) / std)) - 1, (2 * NormalBelow((b - mean) / std)) - 1);
                aten_("erfinv_", tensor);
                aten_("mul_.Scalar", tensor, std * Math.Sqrt(2));
                aten_("add_.Scalar", tensor, mean);
                return aten_("clamp_", tensor, a, b);
            }

            private static double NormalBelow(double x)
            {
                using var value = aten("scalar_tensor", x / Math.Sqrt(2), ScalarType.Float64);
                using var error = aten("erf", value);
                return (1 + atenScalar("item", error).Real) / 2;
            }

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var bound = Math.Sqrt(3) * XavierDeviation(tensor, gain);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => normal_(tensor, 0, XavierDeviation(tensor, gain));

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1.0) => xavier_normal_(tensor, gain);

            private static double XavierDeviation(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            /// <summary>What linear and convolution layers start with: the weight, then the bias, both within the root of one over the fan.</summary>
            internal static void Layer(Tensor weight, Tensor? bias)
            {
                if (weight.numel() > 0) kaiming_uniform_(weight, Math.Sqrt(5));
                if (bias is null) return;
                var (fanIn, _) = CalculateFanInAndFanOut(weight);
                var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
                uniform_(bias, -bound, bound);
            }

            /// <summary>The identity, as a matrix.</summary>
            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.ndim != 2) throw new ArgumentException($"eye_ takes a matrix, not {tensor.ndim} dimensions.", nameof(tensor));
                using var _ = no_grad();
                aten_("zero_", tensor);
                using var diagonal = aten("diagonal", tensor);
                aten_("fill_.Scalar", diagonal, 1);
                return tensor;
            }

            /// <summary>The identity of a convolution: each channel is passed on through the kernel's centre.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                if (tensor.ndim is < 3 or > 5) throw new ArgumentException($"dirac_ takes 3 to 5 dimensions, not {tensor.ndim}.", nameof(tensor));
                using var _ = no_grad();
                aten_("zero_", tensor);
                var centre = aten("alias", tensor);
                while (centre.ndim > 2)
                {
                    var inner = aten("select.int", centre, -1, centre.size(-1) / 2);
                    centre.Dispose();
                    centre = inner;
                }
                using var diagonal = aten("diagonal", centre);
                aten_("fill_.Scalar", diagonal, 1);
                centre.Dispose();
                return tensor;
            }

            /// <summary>A matrix with orthonormal rows or columns, whichever are fewer; dimensions after the first count as one.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                if (tensor.ndim < 2) throw new ArgumentException($"orthogonal_ takes two dimensions or more, not {tensor.ndim}.", nameof(tensor));
                if (tensor.numel() == 0) return tensor;
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                var rows = tensor.size(0);
                var columns = tensor.numel() / rows;
                var normal = aten_("normal_", aten("new_empty", tensor, new[] { rows, columns }), 0.0, 1.0);
                if (rows < columns) normal = aten("t", normal);
                var (q, r) = aten2("linalg_qr", normal);
                // Signs of R's diagonal make the distribution uniform.
                q = aten("mul.Tensor", q, aten("sign", aten("diagonal", r)));
                if (rows < columns) q = aten("t", q);
                aten_("copy_", tensor, aten("reshape", q, tensor.shape));
                return aten_("mul_.Scalar", tensor, gain);
            }

            /// <summary>Normal values, of which a share in every column is zero.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                if (tensor.ndim != 2) throw new ArgumentException($"sparse_ takes a matrix, not {tensor.ndim} dimensions.", nameof(tensor));
                using var _ = no_grad();
                using var scope = NewDisposeScope();
                var rows = tensor.size(0);
                var zeros = (long)Math.Ceiling(sparsity * rows);
                aten_("normal_", tensor, 0.0, std);
                for (var column = 0L; column < tensor.size(1); column++)
                {
                    var chosen = aten("slice.Tensor", aten("randperm", rows, ScalarType.Int64, Native.Value.None, tensor.device), 0, 0, zeros);
                    aten_("index_fill_.int_Scalar", aten("select.int", tensor, 1, column), 0, chosen, 0.0);
                }
                return tensor;
            }

            private static Tensor Fill(Tensor tensor, Scalar value)
            {
                using var _ = no_grad();
                return aten_("fill_.Scalar", tensor, value);
            }
        }
    }
}
