using DeepTricks.Kernels;
using DeepTricks.Losses;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// A branch that predicts masks of parts from a layer's features while a model trains, so that the features know where the parts are. It is no part of the model: neither
/// its cost nor its weights are there at inference.
/// </summary>
public sealed class MaskPrior : LayerPrior
{
    private static readonly DiceLossOptions EachMask = new() { Activation = ScoreActivation.Sigmoid, Reduction = nn.Reduction.None };
    private readonly PartMaskDecoder _branch;
    private readonly MaskPriorOptions _options;

    /// <summary>Starts listening to a model's layer.</summary>
    /// <param name="model">The model; it is not changed but for a hook.</param>
    /// <param name="layer">The layer whose output [N, C, h, w] the branch takes, by its name in <c>named_modules()</c>.</param>
    /// <param name="branch">The branch; its parameters go into the optimiser, and it stays the caller's.</param>
    /// <param name="options">The weights of the losses; 1 each where null.</param>
    /// <exception cref="ArgumentException">The name is no layer's.</exception>
    public MaskPrior(nn.Module model, string layer, PartMaskDecoder branch, MaskPriorOptions? options = null)
        : base(model, layer, branch)
    {
        ArgumentNullException.ThrowIfNull(branch);
        (_branch, _options) = (branch, options ?? new());
    }

    /// <summary>The losses of predicted masks, without their weights.</summary>
    /// <param name="logits">[N, P, h, w]; enlarged or reduced bilinearly to the masks.</param>
    /// <param name="masks">[N, P, H, W], or [N, H, W] for one part, from 0 to 1; <see cref="SampleMasks.Unknown"/> all over the masks of a part that is not known of
    /// a sample.</param>
    /// <returns>Dice and cross entropy, scalars: the mean over the known masks, 0 where none is known.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public static (Tensor Dice, Tensor CrossEntropy) Losses(Tensor logits, Tensor masks)
    {
        using var scope = NewDisposeScope();
        var (dice, entropy, known) = Sums(logits, masks);
        var count = known.clamp_min(1);
        return ((dice / count).MoveToOuterDisposeScope(), (entropy / count).MoveToOuterDisposeScope());
    }

    /// <summary>The terms of the last forward pass, "mask-dice" and "mask-cross-entropy"; the features are forgotten.</summary>
    /// <param name="masks">[N, P, H, W], or [N, H, W] for one part; <see cref="SampleMasks.Unknown"/> where a mask is missing.</param>
    /// <returns>The terms of a weight above 0.</returns>
    /// <exception cref="InvalidOperationException">No forward pass with gradients came since the last call.</exception>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit.</exception>
    public IReadOnlyList<LossTerm> Terms(Tensor masks)
    {
        using var scope = NewDisposeScope();
        var (dice, entropy, known) = Sums(_branch.call(Take()), masks);
        return Terms(dice, entropy, known);
    }

    internal override IEnumerable<LossTerm> TermsOf(StepContext step, Tensor rows, Tensor batchRows)
    {
        using var scope = NewDisposeScope();
        var (dice, entropy, _) = Sums(_branch.call(Take()), rows);
        var all = batchRows.to(dice.dtype);
        return Terms(dice, entropy, Known(all.dim() == 3 ? all.unsqueeze(1) : all).sum());
    }

    private IReadOnlyList<LossTerm> Terms(Tensor dice, Tensor entropy, Tensor known)
    {
        var count = known.clamp_min(1);
        List<LossTerm> terms = [];
        Add("mask-dice", dice, _options.DiceWeight);
        Add("mask-cross-entropy", entropy, _options.CrossEntropyWeight);
        return terms;

        void Add(string name, Tensor sum, double weight)
        {
            if (weight > 0)
            {
                terms.Add(LossTerm.Sum(name, (sum / count).MoveToOuterDisposeScope(), weight));
            }
        }
    }

    // Sums over the known masks, each mask's cross entropy being the mean over its pixels, and how many are known.
    private static (Tensor Dice, Tensor CrossEntropy, Tensor Known) Sums(Tensor logits, Tensor masks)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.dim() != 4 || !logits.is_floating_point())
        {
            throw new ArgumentException(
                $"Expected logits [N, P, h, w] of a floating type; the shape is {logits.ShapeText()}, the type {logits.dtype}.", nameof(logits));
        }

        var given = SampleMasks.Checked(masks, logits, logits.size(1));
        var scores = logits.shape.SequenceEqual(given.shape)
            ? logits
            : nn.functional.interpolate(logits, size: given.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
        var (known, inside) = (Known(given), given.clamp(0, 1));
        var dice = DiceLoss.Compute(scores, inside, EachMask);
        var entropy = nn.functional.binary_cross_entropy_with_logits(scores, inside, reduction: nn.Reduction.None).mean([2, 3]);
        return ((dice * known).sum(), (entropy * known).sum(), known.sum());
    }

    private static Tensor Known(Tensor masks) => masks.amin([2, 3]).ge(0).to(masks.dtype);
}
