using System.Numerics;
using DeepTricks.Kernels;

namespace DeepTricks.Losses;

/// <summary>The focal loss of masks of their own: w q^γ times the binary cross-entropy, q = p (1 − t) + (1 − p) t.</summary>
internal sealed unsafe class FocalSigmoidKernel(FocalLossOptions options, PixelInput input) : FocalKernel(options, input)
{
    private readonly IReadOnlyList<double>? _classWeights = options.ClassWeights;
    private readonly bool _logits = input.Activation == PixelActivation.Sigmoid;
    private readonly Vector<float> _inside = new((float)(options.Alpha ?? 1));
    private readonly Vector<float> _outside = new((float)(1 - (options.Alpha ?? 0)));

    protected override int Rows { get; } = input.Classes;

    protected override void Losses(PixelBlock block) => Each(block, Vector<float>.One, slopes: false);

    protected override void Slopes(PixelBlock block, Vector<float> scale) => Each(block, scale, slopes: true);

    private void Each(PixelBlock block, Vector<float> scale, bool slopes)
    {
        for (var c = 0; c < block.Classes; c++)
        {
            var classWeight = scale * (float)(_classWeights?[c] ?? 1);
            for (var i = 0; i < block.Padded; i += Vector<float>.Count)
            {
                var (x, target) = (block.Value(c, i), block.Target(c, i, out var valid));
                var outside = Vector<float>.One - target;
                var weight = ((_inside * target) + (_outside * outside)) * classWeight;
                var result = weight * (_logits ? OfLogit(x, target, outside, slopes) : OfProbability(x, target, outside, slopes));
                ref var to = ref slopes ? ref block.Value(c, i) : ref block.Gradient(c, i);
                to = Vector.ConditionalSelect(valid, result, Vector<float>.Zero);
            }
        }
    }

    private Vector<float> OfLogit(Vector<float> x, Vector<float> target, Vector<float> outside, bool slopes)
    {
        var p = VectorSigmoid.Of(x, out var rest);
        // max(x, 0) − x t + log(1 + e^−|x|), where the last power is the ratio of the two probabilities.
        var small = VectorSigmoid.LogOnePlus(Vector.Min(p, rest) / Vector.Max(p, rest));
        var crossEntropy = Vector.Max(x, Vector<float>.Zero) - (x * target) + small;
        var power = Power.Of((p * outside) + (rest * target), out var slope);
        return slopes
            ? (slope * crossEntropy * p * rest * (outside - target)) + (power * ((p * outside) - (rest * target)))
            : power * crossEntropy;
    }

    private Vector<float> OfProbability(Vector<float> x, Vector<float> target, Vector<float> outside, bool slopes)
    {
        Vector<float> low = new((float)FocalTerms.Margin), high = new((float)(1 - FocalTerms.Margin));
        var p = Vector.Min(Vector.Max(x, low), high);
        var rest = Vector<float>.One - p;
        var crossEntropy = -((Vector.Log(p) * target) + (Vector.Log(rest) * outside));
        var power = Power.Of((p * outside) + (rest * target), out var slope);
        if (!slopes)
        {
            return power * crossEntropy;
        }

        var result = (slope * crossEntropy * (outside - target)) + (power * ((outside / rest) - (target / p)));
        return Vector.ConditionalSelect(Vector.Equals(p, x), result, Vector<float>.Zero);
    }
}
