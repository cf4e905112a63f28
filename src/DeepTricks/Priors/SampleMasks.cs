using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Masks as a batch has them: 1 inside, 0 outside, and <see cref="Unknown"/> all over for a sample whose mask is missing, so that one tensor holds both and goes
/// wherever masks go.
/// </summary>
public static class SampleMasks
{
    /// <summary>−1, the value that a sample without a mask is filled with. Any negative value counts as that.</summary>
    public const double Unknown = -1;

    /// <summary>Masks in the type of other tensors, [N, P, H, W]; what is unknown stays negative.</summary>
    internal static Tensor Checked(Tensor masks, Tensor like, long maps)
    {
        ArgumentNullException.ThrowIfNull(masks);
        var fits = masks.dim() == 4 ? masks.size(1) == maps : masks.dim() == 3 && maps == 1;
        if (!fits || masks.size(0) != like.size(0) || masks.numel() == 0)
        {
            throw new ArgumentException(
                $"Expected masks [{like.size(0)}, {maps}, H, W]{(maps == 1 ? ", or without the second dimension" : "")}; the shape is {masks.ShapeText()}.",
                nameof(masks));
        }

        if (masks.dtype != ScalarType.Bool && !masks.is_floating_point())
        {
            throw new ArgumentException($"Expected masks of type Bool or a floating type; the type is {masks.dtype}.", nameof(masks));
        }

        if (!masks.SharesDeviceWith(like))
        {
            throw new ArgumentException($"Expected masks on {like.device}, where the features are; they are on {masks.device}.", nameof(masks));
        }

        var typed = masks.to(like.dtype);
        return typed.dim() == 3 ? typed.unsqueeze(1) : typed;
    }

    /// <summary>1 for a sample whose mask is known, else 0; [N], of the masks' type.</summary>
    internal static Tensor Present(Tensor masks) => masks.flatten(1).amin([1]).ge(0).to(masks.dtype);
}
