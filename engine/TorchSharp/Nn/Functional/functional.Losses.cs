using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                aten("cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                aten("nll_loss_nd", input, target, weight, (long)reduction);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                RequireSameShape(input, target);
                return aten("binary_cross_entropy", input, target, weight, (long)reduction);
            }

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
            {
                RequireSameShape(input, target);
                return aten("binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);
            }

            /// <summary>The target is in log space unless <paramref name="log_target"/> says otherwise; the mean is over elements, not over the batch.</summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                aten("kl_div", input, target, (long)reduction, log_target);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => aten("mse_loss", input, target, (long)reduction);
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => aten("l1_loss", input, target, (long)reduction);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                aten("smooth_l1_loss", input, target, (long)reduction, beta);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) =>
                aten("huber_loss", input, target, (long)reduction, delta);

            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, float eps = 1e-8f, Reduction reduction = Reduction.Mean) =>
                aten("poisson_nll_loss", input, target, log_input, full, eps, (long)reduction);

            /// <summary>One loss per row: the terms of a row are summed before the reduction.</summary>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1e-6f, Reduction reduction = Reduction.Mean)
            {
                var rows = input.size(0);
                using var means = aten("view", input, new[] { rows, -1 });
                using var targets = aten("view", target, new[] { target.size(0), -1 });
                using var variances = aten("view", variance, new[] { target.size(0), -1 });
                if (variances.size(1) != means.size(1) && variances.size(1) != 1)
                    throw new ArgumentException($"The variance has {variances.size(1)} values in a row, the input {means.size(1)}; as many or one are expected.", nameof(variance));
                using var least = aten("min", variances);
                if (atenScalar("item", least).Real < 0) throw new ArgumentException("A variance is negative.", nameof(variance));
                // The floor has no part in the gradient, and below it there is none: the variance counts as constant.
                using var detached = aten("detach", variances);
                using var floored = aten("clamp_min", detached, (double)eps);
                using var logarithms = aten("log", floored);
                using var differences = aten("sub.Tensor", means, targets);
                using var squares = aten("square", differences);
                using var ratios = aten("div.Tensor", squares, floored);
                using var terms = aten("add.Tensor", logarithms, ratios);
                using var sums = aten("sum.dim_IntList", terms, One);
                var losses = aten("mul.Scalar", sums, 0.5);
                if (full) losses = Replace(losses, aten("add.Scalar", losses, 0.5 * means.size(1) * Math.Log(2 * Math.PI)));
                return Reduce(losses, reduction);
            }

            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                aten("cosine_embedding_loss", input1, input2, target, margin, (long)reduction);

            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                aten("hinge_embedding_loss", input, target, margin, (long)reduction);

            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) =>
                aten("margin_ranking_loss", input1, input2, target, margin, (long)reduction);

            public static Tensor multi_label_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                aten("multilabel_margin_loss", input, target, (long)reduction);

            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1.0, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                aten("multi_margin_loss", input, target, p, margin, weight, (long)reduction);

            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var terms = aten("binary_cross_entropy_with_logits", input, target, weight, Value.None, (long)Reduction.None);
                return Reduce(aten("mean.dim", terms, new[] { -1L }), reduction);
            }

            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                aten("soft_margin_loss", input, target, (long)reduction);

            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1.0, long p = 2, double eps = 1e-06, bool swap = false, Reduction reduction = Reduction.Mean) =>
                aten("triplet_margin_loss", anchor, positive, negative, margin, (double)p, eps, swap, (long)reduction);

            public static Tensor triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1.0, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                distance ??= (x, y) => pairwise_distance(x, y);
                using var near = distance(anchor, positive);
                var far = distance(anchor, negative);
                if (swap)
                {
                    using var across = distance(positive, negative);
                    far = Replace(far, aten("minimum", far, across));
                }
                using var gap = aten("sub.Tensor", near, far);
                far.Dispose();
                using var shortfall = aten("add.Scalar", gap, margin);
                return Reduce(aten("clamp_min", shortfall, 0), reduction);
            }

            public static Tensor ctc_loss(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, long blank = 0, bool zero_infinity = false, Reduction reduction = Reduction.Mean) =>
                aten("ctc_loss.Tensor", log_probs, targets, input_lengths, target_lengths, blank, (long)reduction, zero_infinity);

            /// <summary>Reduces the losses, which it disposes of where something new is returned.</summary>
            private static Tensor Reduce(Tensor losses, Reduction reduction) => reduction switch
            {
                Reduction.Mean => Replace(losses, aten("mean", losses)),
                Reduction.Sum => Replace(losses, aten("sum", losses)),
                _ => losses,
            };

            private static void RequireSameShape(Tensor input, Tensor target)
            {
                if (!input.shape.AsSpan().SequenceEqual(target.shape))
                    throw new ArgumentException($"The target's shape [{string.Join(", ", target.shape)}] is not the input's, [{string.Join(", ", input.shape)}].", nameof(target));
            }
        }
    }
}
