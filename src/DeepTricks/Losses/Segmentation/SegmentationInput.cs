using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// Scores and targets of a loss over pixels, checked and flattened: scores [N, C, P] with either labels [N, P] or masks [N, C, P], where P
/// counts the pixels. What follows is the same for images, volumes and plain classification.
/// </summary>
internal sealed record SegmentationInput(Tensor Scores, Tensor? Labels, Tensor? Masks, ScoreActivation Activation, long IgnoreIndex)
{
    /// <summary>PyTorch's default.</summary>
    public const long DefaultIgnoreIndex = SoftTargetLoss.DefaultIgnoreIndex;

    private const long FewPixels = 16;

    public long Samples => Scores.shape[0];

    public long Classes => Scores.shape[1];

    public long Pixels => Scores.shape[2];

    /// <summary>Whether the kernels take it as it is: single precision on the CPU, few enough elements for a span.</summary>
    public bool ForKernel =>
        Scores.is_cpu() && Scores.dtype == ScalarType.Float32 && Scores.numel() <= int.MaxValue / sizeof(float) && Masks is not { requires_grad: true };

    /// <summary>Checks the arguments and flattens them; to be called inside a dispose scope. Half precision becomes single.</summary>
    public static SegmentationInput Of(Tensor scores, Tensor target, ScoreActivation activation, long ignoreIndex)
    {
        SegmentationChecks.Check(scores, target, activation);
        var (samples, classes, pixels) = (scores.shape[0], scores.shape[1], SegmentationChecks.Pixels(scores));
        var flat = scores.reshape(samples, classes, pixels);
        if (flat.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            // Sums over so many pixels do not fit into so few digits.
            flat = flat.to(ScalarType.Float32);
        }

        // One class has no labels but 0, so that labels of one class are its mask.
        var isMask = target.dim() == scores.dim() || classes == 1;
        return isMask
            ? new(flat, null, target.reshape(samples, classes, pixels), activation, ignoreIndex)
            : new(flat, target.reshape(samples, pixels), null, activation, ignoreIndex);
    }

    /// <summary>Whether samples have so few pixels that blocks of them would be empty for the most part.</summary>
    public bool HasFewPixels => Pixels < FewPixels;

    /// <summary>The pixels of all samples as those of one, for losses of single pixels.</summary>
    public SegmentationInput AsOneSample() => this with
    {
        Scores = Together(Scores),
        Labels = Labels?.reshape(1, Samples * Pixels),
        Masks = Masks is null ? null : Together(Masks),
    };

    /// <summary>The loss by its kernel; <see cref="ForKernel"/> has to be true.</summary>
    public Tensor Fused(Func<PixelInput, IFusedLoss> kernel)
    {
        var pixels = new PixelInput(this);
        return FusedFunction.Of(kernel(pixels), Scores, pixels.Masks);
    }

    /// <summary>The probabilities in tensor operations.</summary>
    public Tensor Probabilities(Tensor scores) => Activation switch
    {
        ScoreActivation.Softmax => nn.functional.softmax(scores, 1),
        ScoreActivation.Sigmoid => scores.sigmoid(),
        _ => scores,
    };

    /// <summary>Targets [N, C, P] in the scores' type, 0 where ignored; and what is not ignored, [N, 1, P] for labels and [N, C, P] for masks.</summary>
    public (Tensor Targets, Tensor Valid) Dense()
    {
        if (Masks is { } masks)
        {
            var counted = masks.dtype == ScalarType.Bool ? ones_like(masks) : masks.ne(IgnoreIndex);
            var values = masks.to(Scores.dtype);
            return (values.where(counted, zeros_like(values)), counted);
        }

        SoftTargetChecks.CheckRange(Labels!, Classes, IgnoreIndex);
        var valid = Labels!.ne(IgnoreIndex).unsqueeze(1);
        var targets = zeros(Samples, Classes, Pixels, dtype: Scores.dtype, device: Scores.device);
        targets.scatter_(1, SafeLabels().unsqueeze(1), valid.to(Scores.dtype));
        return (targets, valid);
    }

    /// <summary>Labels [N, P] with 0 where ignored, so that they can index.</summary>
    private Tensor SafeLabels() => Labels!.where(Labels!.ne(IgnoreIndex), zeros_like(Labels!));

    private Tensor Together(Tensor maps) => maps.transpose(0, 1).reshape(1, Classes, Samples * Pixels);
}
