using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>An input as kernels take it, and the way back to tensors: labels are read once, for the caller's tensor may have gone by the backward pass.</summary>
internal sealed unsafe class PixelInput
{
    private readonly SegmentationInput _input;

    public PixelInput(SegmentationInput input)
    {
        _input = input with { Scores = null!, Labels = null, Masks = null };
        (Samples, Classes, Pixels) = (input.Samples, (int)input.Classes, input.Pixels);
        Targets = input.Labels is { } labels
            ? PixelTargets.Read(labels, Classes, input.IgnoreIndex, label => SoftTargetChecks.NoClass(label, Classes, input.IgnoreIndex))
            : new(null, input.IgnoreIndex, 0);
        Masks = input.Masks?.to(ScalarType.Float32).contiguous();
    }

    public long Samples { get; }

    public int Classes { get; }

    public long Pixels { get; }

    public PixelTargets Targets { get; }

    public PixelActivation Activation => _input.Activation switch
    {
        ScoreActivation.Softmax => PixelActivation.Softmax,
        ScoreActivation.Sigmoid => PixelActivation.Sigmoid,
        _ => PixelActivation.None,
    };

    /// <summary>[N, C, P], single precision and contiguous, of the scope in which this was made; null where there are labels.</summary>
    public Tensor? Masks { get; }

    /// <summary>The grid over tensors that stay where they are.</summary>
    public PixelGrid Grid(Tensor scores, Tensor? masks) =>
        new(scores.Address<float>(), Samples, Classes, Pixels, Activation, Targets, masks is null ? null : masks.Address<float>());

    /// <summary>The input again, of scores and masks that are saved elsewhere.</summary>
    public SegmentationInput Again(Tensor scores, Tensor? masks) =>
        _input with { Scores = scores, Masks = masks, Labels = Targets.Labels is { } labels ? Labels(labels) : null };

    private Tensor Labels(int[] labels) =>
        tensor(Array.ConvertAll(labels, label => label < 0 ? _input.IgnoreIndex : label), [Samples, Pixels]);
}
