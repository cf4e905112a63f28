using TorchSharp.Modules;
using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Work on the parameters of a module as a whole.</summary>
        public static partial class utils
        {
            /// <summary>Scales gradients so that their common norm is at most <paramref name="max_norm"/>, and returns the norm that they had.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                var grads = Gradients(tensors);
                if (grads.Length == 0) return 0;
                using var _ = no_grad();
                var norms = atenList("_foreach_norm.Scalar", grads, norm_type);
                for (var i = 1; i < norms.Length; i++)
                    if (norms[i].device_type != norms[0].device_type) norms[i] = Exchange(norms[i], aten("to.device", norms[i], norms[0].device, norms[i].dtype));
                using var stacked = aten("stack", norms);
                using var norm = aten("linalg_vector_norm", stacked, norm_type);
                using var shifted = aten("add.Scalar", norm, 1e-6);
                using var inverse = aten("reciprocal", shifted);
                using var coefficient = aten("mul.Scalar", inverse, max_norm);
                var scale = atenScalar("item", coefficient).Real;
                // Not a number counts as something to scale by: it must not go unseen.
                if (!(scale >= 1)) atenVoid("_foreach_mul_.Scalar", grads, scale);
                var total = atenScalar("item", norm).Real;
                DisposeAll(norms);
                DisposeAll(grads);
                return total;
            }

            /// <summary>Cuts each value of the gradients at plus and minus <paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var _ = no_grad();
                var grads = Gradients(tensors);
                foreach (var grad in grads) aten_("clamp_", grad, -clip_value, clip_value);
                DisposeAll(grads);
            }

            /// <summary>The parameters' values one after another.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                var flat = tensors.Select(parameter => aten("reshape", parameter, MinusOne)).ToArray();
                var vector = aten("cat", flat);
                DisposeAll(flat);
                return vector;
            }

            /// <summary>Makes the parts of a vector the parameters' values. The parameters share its memory afterwards, as in PyTorch.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                var start = 0L;
                foreach (var parameter in tensors)
                {
                    var count = parameter.numel();
                    using var part = aten("narrow", vec, 0, start, count);
                    using var shaped = aten("view", part, parameter.shape);
                    using var values = aten("detach", shaped);
                    atenVoid("set_data", parameter, values);
                    start += count;
                }
            }

            private static readonly long[] MinusOne = [-1];

            private static Tensor[] Gradients(IEnumerable<Parameter> tensors)
            {
                var grads = new List<Tensor>();
                foreach (var parameter in tensors)
                    if (parameter.grad is { } grad) grads.Add(grad);
                return [.. grads];
            }

            private static Tensor Exchange(Tensor old, Tensor made)
            {
                old.Dispose();
                return made;
            }

            private static void DisposeAll(Tensor[] tensors)
            {
                foreach (var tensor in tensors) tensor.Dispose();
            }
        }
    }
}
