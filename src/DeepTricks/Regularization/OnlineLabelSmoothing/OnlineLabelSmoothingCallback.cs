using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>
/// Trains towards the model's own mean predictions: <see cref="OnlineLabelSmoothing"/> in place of the objective's loss. Evaluations keep the objective's.
/// </summary>
/// <remarks>The model's output is logits [N, K] or [N, K, d1, ...], the targets are labels. Only the first pass over a batch is learned from.</remarks>
public sealed class OnlineLabelSmoothingCallback : Callback, IDisposable
{
    private readonly MeanTerm _term;

    /// <summary>Makes the callback.</summary>
    /// <param name="options">The number of classes, and the settings.</param>
    /// <exception cref="ArgumentException">The reduction is none.</exception>
    public OnlineLabelSmoothingCallback(OnlineLabelSmoothingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _term = MeanTerm.For(options.Reduction, options.IgnoreIndex, options.Weight);
        Smoothing = new(options);
    }

    /// <summary>The trick, which holds the learned targets.</summary>
    public OnlineLabelSmoothing Smoothing { get; }

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Reads = TrainingParts.Output | TrainingParts.Targets, Owns = TrainingParts.MainLoss };

    /// <inheritdoc/>
    public override void BeforeLoss(StepContext step)
    {
        step.TakeMainLoss(_term.Of("online-label-smoothing", step, reduction => Smoothing.Loss(step.Output, step.Target, reduction)));
        if (step.Pass == 0)
        {
            Smoothing.Update(step.Output, step.Target);
        }
    }

    /// <inheritdoc/>
    public override void EpochEnd(Trainer trainer) => Smoothing.NextEpoch();

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        state.Set("learned", Smoothing.LearnedTable);
        state.Set("sums", Smoothing.SumsTable);
    }

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer)
    {
        using Tensor learned = state.GetTensor("learned"), sums = state.GetTensor("sums");
        Smoothing.Restore(learned, sums);
    }

    /// <summary>Disposes of the trick's tables.</summary>
    public void Dispose() => Smoothing.Dispose();
}
