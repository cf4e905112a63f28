using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>Evidence where the object is not, in the caller's dispose scope.</summary>
internal static class OutsideEvidence
{
    /// <summary>The cost of each sample, 0 where its mask is missing, and which samples have one; [N] both.</summary>
    internal static (Tensor Costs, Tensor Present) Costs(Tensor evidence, Tensor masks, CamConstraintOptions options)
    {
        var (map, outside, present) = Matched(evidence, masks, options.Match, options.Margin);
        var part = options.Part == EvidencePart.Absolute ? map.abs() : map.relu();
        var cost = ((options.Squared ? part.square() : part) * outside).sum([1, 2]);
        return (options.Reduction == EvidenceReduction.Logit
            ? cost * present / (map.size(1) * map.size(2))
            : cost * present / outside.sum([1, 2]).clamp_min(1), present);
    }

    /// <summary>The map and the part of each of its places that is outside, of one size, [N, h, w]; and which samples have a mask, [N].</summary>
    internal static (Tensor Map, Tensor Outside, Tensor Present) Matched(Tensor evidence, Tensor masks, MaskMatch match, int margin)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.dim() != 3 || !evidence.is_floating_point())
        {
            throw new ArgumentException(
                $"Expected evidence [N, h, w] of a floating type; the shape is {evidence.ShapeText()}, the type {evidence.dtype}.", nameof(evidence));
        }

        var known = SampleMasks.Checked(masks, evidence, 1);
        var inside = known.clamp(0, 1);
        var map = evidence;
        if (match == MaskMatch.EnlargeEvidence)
        {
            map = nn.functional.interpolate(evidence.unsqueeze(1), size: inside.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(1);
        }
        else if (!inside.shape[2..].SequenceEqual(evidence.shape[1..]))
        {
            inside = Resized(inside, evidence.shape[1..], match);
        }

        if (margin > 0)
        {
            inside = nn.functional.max_pool2d(inside, [(2 * margin) + 1, (2 * margin) + 1], [1, 1], [margin, margin]);
        }

        return (map, 1 - inside.squeeze(1), SampleMasks.Present(known));
    }

    private static Tensor Resized(Tensor masks, long[] size, MaskMatch match) => match switch
    {
        MaskMatch.Cover => nn.functional.adaptive_max_pool2d(masks, size),
        MaskMatch.Area => nn.functional.adaptive_avg_pool2d(masks, size),
        _ => nn.functional.interpolate(masks, size: size, mode: InterpolationMode.Nearest),
    };
}
