using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// The hybrid loss of UNet3+: focal loss for pixels, MS-SSIM for patches, IoU for the whole map
/// (Huang et al., "UNet 3+: A Full-Scale Connected UNet for Medical Image Segmentation", 2020).
/// </summary>
/// <remarks>
/// <see cref="Terms"/> gives the parts by name, to be logged and weighed on their own; <see cref="forward"/> their weighted sum. A part of weight 0 is
/// not computed.
/// </remarks>
public sealed class UNet3PlusLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly UNet3PlusLossOptions _options;
    private readonly FocalLossOptions _focal;
    private readonly MsSsimLossOptions _msSsim;
    private readonly IouLossOptions _iou;

    /// <summary>Makes the loss as a module.</summary>
    /// <param name="options">The parts and their weights; the paper's over a sigmoid where null.</param>
    /// <exception cref="ArgumentException">A part has another reduction than the mean, or all have the weight 0.</exception>
    public UNet3PlusLoss(UNet3PlusLossOptions? options = null)
        : base(nameof(UNet3PlusLoss))
    {
        _options = options ?? new();
        var (activation, ignored) = (_options.Activation, _options.IgnoreIndex);
        _focal = _options.Focal with { Activation = activation, IgnoreIndex = ignored };
        _msSsim = _options.MsSsim with { Activation = activation, IgnoreIndex = ignored };
        _iou = _options.Iou with { Activation = activation, IgnoreIndex = ignored };
        if (new[] { _focal.Reduction, _msSsim.Reduction, _iou.Reduction }.Any(reduction => reduction != nn.Reduction.Mean))
        {
            throw new ArgumentException("Expected parts that are means.", nameof(options));
        }

        if (_options is { FocalWeight: 0, MsSsimWeight: 0, IouWeight: 0 })
        {
            throw new ArgumentException("Expected a part with a weight above 0.", nameof(options));
        }
    }

    /// <summary>The weighted sum of the parts.</summary>
    /// <param name="scores">[N, C, H, W] or [N, C, D, H, W], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, H, W] or [N, D, H, W], int64, or masks of the scores' shape, on their device.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public override Tensor forward(Tensor scores, Tensor target)
    {
        using var scope = NewDisposeScope();
        var parts = Terms(scores, target).Select(term => term.Value * term.Weight);
        return parts.Aggregate((sum, part) => sum + part).MoveToOuterDisposeScope();
    }

    /// <summary>The parts "focal", "ms-ssim" and "iou" with their weights.</summary>
    /// <param name="scores">[N, C, H, W] or [N, C, D, H, W], of a floating type; logits or probabilities as the options say.</param>
    /// <param name="target">Labels [N, H, W] or [N, D, H, W], int64, or masks of the scores' shape, on their device.</param>
    /// <returns>Terms of scalars, for <see cref="StepContext.Terms"/> or a loop of one's own.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public IReadOnlyList<LossTerm> Terms(Tensor scores, Tensor target)
    {
        var terms = new List<LossTerm>(3);
        Add("focal", _options.FocalWeight, () => FocalLoss.Compute(scores, target, _focal));
        Add("ms-ssim", _options.MsSsimWeight, () => MsSsimLoss.Compute(scores, target, _msSsim));
        Add("iou", _options.IouWeight, () => IouLoss.Compute(scores, target, _iou));
        return terms;

        void Add(string name, double weight, Func<Tensor> value)
        {
            if (weight > 0)
            {
                terms.Add(new(name, value(), weight));
            }
        }
    }
}
