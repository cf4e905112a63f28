using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// The Lovász extension of the Jaccard loss over hinge errors 1 − s·x of logits x, for masks
/// (Yu and Blaschko, 2015; Berman, Triki and Blaschko, 2018; bermanmaxim/LovaszSoftmax).
/// </summary>
public sealed class LovaszHingeLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly LovaszHingeLossOptions _options;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The settings; a loss of each image where null.</param>
    public LovaszHingeLoss(LovaszHingeLossOptions? options = null)
        : base(nameof(LovaszHingeLoss)) => _options = options ?? new();

    /// <summary>The loss of a batch.</summary>
    /// <param name="scores">Logits [N, C] or [N, C, d1, ...], of a floating type; a class is there where its logit is above 0.</param>
    /// <param name="target">Masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <returns>A scalar; 0 where no pixel counts.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor scores, Tensor target) => Compute(scores, target, _options);

    /// <summary>The loss as a function.</summary>
    /// <param name="scores">Logits [N, C] or [N, C, d1, ...], of a floating type; a class is there where its logit is above 0.</param>
    /// <param name="target">Masks of the scores' shape (above 0.5 is inside), on their device.</param>
    /// <param name="options">The settings; a loss of each image where null.</param>
    /// <returns>A scalar; 0 where no pixel counts.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Compute(Tensor scores, Tensor target, LovaszHingeLossOptions? options = null)
    {
        options ??= new();
        SegmentationChecks.Check(scores, target, ScoreActivation.None);
        var form = new LovaszForm(Hinge: true, options.PerImage, PresentOnly: false);
        if (!options.ClassesTogether || scores.shape[1] == 1)
        {
            return form.Of(scores, target, ScoreActivation.None, options.IgnoreIndex);
        }

        if (target.dim() != scores.dim())
        {
            throw new ArgumentException(
                $"Expected masks of shape {scores.ShapeText()}; the shape is {target.ShapeText()}.", nameof(target));
        }

        using var scope = NewDisposeScope();
        return form.Of(scores.reshape(Flat()), target.reshape(Flat()), ScoreActivation.None, options.IgnoreIndex).MoveToOuterDisposeScope();

        long[] Flat() => [scores.shape[0], 1, scores.shape[1] * SegmentationChecks.Pixels(scores)];
    }
}
