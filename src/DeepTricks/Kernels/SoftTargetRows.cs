using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>
/// Σ_c a_c (lse − x_c) + β·max(0, Γ − H) for each row x of logits, and its gradient
/// p_c (A + β' (log p_c + H)) − a_c, where p = softmax(x), H its entropy, lse = log Σ exp x, A = Σ_c a_c, and β' = β where H &lt; Γ,
/// else 0. With Γ = ∞ the second term is −β·H. Nothing of the size of the logits is stored but the gradient itself.
/// </summary>
internal sealed unsafe class SoftTargetRows(SoftTargets? targets, float beta, float threshold, long ignored)
{
    private bool WantsEntropy => beta != 0;

    /// <summary>Writes each row's loss, 0 for an ignored one, and what <see cref="Backward"/> needs of it.</summary>
    public void Forward(float* logits, long[]? labels, int classes, float[] losses, SoftmaxRow[] state)
    {
        RowParallel.For(state.Length, classes, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var label = labels is null ? 0 : labels[row];
                losses[row] = labels is not null && label == ignored
                    ? 0
                    : Loss(new ReadOnlySpan<float>(logits + (row * classes), classes), label, out state[row]);
            }
        });
    }

    /// <summary>Writes the gradient of Σ upstream·loss; an ignored row gets zeros. One upstream value serves all rows, or there is one for each.</summary>
    public void Backward(float* logits, long[]? labels, int classes, SoftmaxRow[] state, ReadOnlyMemory<float> upstream, float* gradients)
    {
        RowParallel.For(state.Length, classes, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var gradient = new Span<float>(gradients + (row * classes), classes);
                var label = labels is null ? 0 : labels[row];
                if (labels is not null && label == ignored)
                {
                    gradient.Clear();
                }
                else
                {
                    Gradient(new ReadOnlySpan<float>(logits + (row * classes), classes), label, state[row], upstream.Span[upstream.Length == 1 ? 0 : (int)row], gradient);
                }
            }
        });
    }

    private float Loss(ReadOnlySpan<float> x, long label, out SoftmaxRow softmax)
    {
        softmax = SoftmaxRow.Of(x, WantsEntropy);
        var loss = 0f;
        if (targets is not null)
        {
            var dense = targets.Row(label);
            loss = (targets.Sum(label) * softmax.LogSum) - (targets.Peak[label] * (x[(int)label] - softmax.Maximum));
            if (dense.Length > 0)
            {
                loss -= softmax.Dot(dense, x);
            }
        }

        if (WantsEntropy)
        {
            loss += float.IsPositiveInfinity(threshold) ? -beta * softmax.Entropy : beta * MathF.Max(0, threshold - softmax.Entropy);
        }

        return loss;
    }

    private void Gradient(ReadOnlySpan<float> x, long label, SoftmaxRow softmax, float scale, Span<float> gradient)
    {
        var dense = targets is null ? default : targets.Row(label);
        var sum = new Vector<float>(targets?.Sum(label) ?? 0);
        var active = new Vector<float>(softmax.Entropy < threshold ? beta : 0);
        var (maximum, logSum) = (new Vector<float>(softmax.Maximum), new Vector<float>(softmax.LogSum));
        var (entropy, upstream) = (new Vector<float>(softmax.Entropy), new Vector<float>(scale));
        var inputs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var coefficients = MemoryMarshal.Cast<float, Vector<float>>(dense);
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        for (var i = 0; i < inputs.Length; i++)
        {
            var g = Slope(inputs[i] - maximum - logSum, sum, active, entropy);
            outputs[i] = upstream * (coefficients.Length > 0 ? g - coefficients[i] : g);
        }

        var done = inputs.Length * Vector<float>.Count;
        if (done < x.Length)
        {
            var g = Slope(SoftmaxRow.Padded(x[done..], float.NegativeInfinity) - maximum - logSum, sum, active, entropy);
            for (var i = done; i < x.Length; i++)
            {
                gradient[i] = scale * (dense.Length > 0 ? g[i - done] - dense[i] : g[i - done]);
            }
        }

        if (targets is not null)
        {
            gradient[(int)label] -= scale * targets.Peak[label];
        }
    }

    /// <summary>p (A + β (log p + H)) from log p; 0 at p = 0, where log p is −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Slope(Vector<float> logP, Vector<float> sum, Vector<float> beta, Vector<float> entropy)
    {
        var p = VectorExp.Of(logP);
        if (beta == Vector<float>.Zero)
        {
            return p * sum;
        }

        var slope = p * (sum + (beta * (logP + entropy)));
        return Vector.ConditionalSelect(Vector.Equals(p, Vector<float>.Zero), Vector<float>.Zero, slope);
    }
}
