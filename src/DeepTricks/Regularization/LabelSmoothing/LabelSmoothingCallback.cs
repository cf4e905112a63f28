using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>Trains towards softened targets: <see cref="LabelSmoothingLoss"/> in place of the objective's loss. Evaluations keep the objective's.</summary>
/// <remarks>The model's output is logits [N, K] or [N, K, d1, ...], the targets are labels.</remarks>
public sealed class LabelSmoothingCallback : Callback
{
    private readonly LabelSmoothingOptions _options;
    private readonly MeanTerm _term;

    /// <summary>Makes the callback.</summary>
    /// <param name="options">The settings; uniform smoothing of 0.1 where null.</param>
    /// <exception cref="ArgumentException">The reduction is none.</exception>
    public LabelSmoothingCallback(LabelSmoothingOptions? options = null)
    {
        _options = options ?? new();
        _term = MeanTerm.For(_options.Reduction, _options.IgnoreIndex, _options.Weight);
    }

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Reads = TrainingParts.Output | TrainingParts.Targets, Owns = TrainingParts.MainLoss };

    /// <inheritdoc/>
    public override void BeforeLoss(StepContext step) => step.TakeMainLoss(_term.Of("label-smoothing", step, reduction => Loss(step, reduction)));

    private Tensor Loss(StepContext step, nn.Reduction reduction) => _options.Targets is { } targets
        ? LabelSmoothingLoss.Compute(step.Output, step.Target, targets, _options.Weight, _options.IgnoreIndex, reduction)
        : LabelSmoothingLoss.Compute(step.Output, step.Target, _options.Smoothing, _options.Weight, _options.IgnoreIndex, reduction);
}
