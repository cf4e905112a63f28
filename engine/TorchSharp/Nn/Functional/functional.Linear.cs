using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => aten("linear", input, weights, bias);

            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) => aten("bilinear", input1, input2, weight, bias);

            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                if (x.dtype != ScalarType.Int64) throw new ArgumentException($"one_hot takes a tensor of Int64, not {x.dtype}.", nameof(x));
                return aten("one_hot", x, num_classes);
            }

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8) => aten("cosine_similarity", x1, x2, dim, eps);

            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2.0, double eps = 1e-6, bool keepdim = false) =>
                aten("pairwise_distance", input1, input2, p, eps, keepdim);

            /// <summary>
            /// Softmax attention over the last but one dimension, the queries scaled by the root of their width. A mask of truth values
            /// says who takes part, any other is added to the scores; <paramref name="is_casual"/> lets a position see itself and those before it.
            /// </summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (p < 0) throw new ArgumentException($"A probability of dropout is not negative, but {p} came.", nameof(p));
                if (is_casual && attn_mask is not null) throw new ArgumentException("A causal attention takes no mask.", nameof(attn_mask));
                using var scaled = aten("mul.Scalar", query, 1 / Math.Sqrt(query.size(-1)));
                using var keys = aten("transpose.int", key, -2, -1);
                var scores = aten("matmul", scaled, keys);
                if (is_casual)
                {
                    using var all = aten("new_ones", scores, new[] { query.size(-2), key.size(-2) }, ScalarType.Bool);
                    using var hidden = aten("triu", all, 1);
                    scores = Replace(scores, aten("masked_fill.Scalar", scores, hidden, double.NegativeInfinity));
                }
                else if (attn_mask is { dtype: ScalarType.Bool })
                {
                    using var hidden = aten("logical_not", attn_mask);
                    scores = Replace(scores, aten("masked_fill.Scalar", scores, hidden, double.NegativeInfinity));
                }
                else if (attn_mask is not null)
                {
                    scores = Replace(scores, aten("add.Tensor", scores, attn_mask));
                }
                var weights = Replace(scores, softmax(scores, -1));
                if (p > 0) weights = Replace(weights, dropout(weights, p));
                var result = aten("matmul", weights, value);
                weights.Dispose();
                return result;
            }

            private static Tensor Replace(Tensor old, Tensor made)
            {
                old.Dispose();
                return made;
            }
        }
    }
}
