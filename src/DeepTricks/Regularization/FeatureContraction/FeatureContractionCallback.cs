using DeepTricks.Training;

namespace DeepTricks.Regularization;

/// <summary>
/// Keeps the features of chosen layers small, as the term "feature-contraction" with the weight λ. It listens to the model from the start of
/// a fit to its end; <see cref="Dispose"/> ends it where a fit was broken off.
/// </summary>
/// <param name="options">Which layers, and λ; the outputs of all linear and convolutional layers and 0.25 where null.</param>
public sealed class FeatureContractionCallback(FeatureContractionOptions? options = null) : Callback, IDisposable
{
    private readonly FeatureContractionOptions _options = options ?? new();
    private FeatureContraction? _contraction;

    /// <inheritdoc/>
    public override CallbackEffects Effects => new() { Writes = TrainingParts.LossTerms };

    /// <inheritdoc/>
    public override void FitStart(Trainer trainer)
    {
        Dispose();

        // The weight stands beside the term, where it can be seen and changed.
        _contraction = new(trainer.Model, _options with { Weight = 1 });
    }

    /// <summary>Forgets forward passes other than that of the loss.</summary>
    /// <param name="step">The step.</param>
    public override void BeforeForward(StepContext step) => _contraction!.Forget();

    /// <inheritdoc/>
    public override void AfterLoss(StepContext step) => step.Terms.Add(new("feature-contraction", _contraction!.Penalty(), _options.Weight));

    /// <inheritdoc/>
    public override void FitEnd(Trainer trainer) => Dispose();

    /// <summary>Stops listening to the model.</summary>
    public void Dispose()
    {
        _contraction?.Dispose();
        _contraction = null;
    }
}
