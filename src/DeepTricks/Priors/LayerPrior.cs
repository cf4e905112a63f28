using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// A prior that looks at the features of one layer while a model trains: it hears the layer from its making to its disposal and turns what it heard into terms
/// of the loss. The model itself is not changed, so that nothing of the prior is there at inference.
/// </summary>
/// <remarks>
/// Each forward pass with gradients leaves its features here until the terms are made; the last pass counts. Passes under <c>no_grad</c> cost and leave nothing.
/// </remarks>
public abstract class LayerPrior : IDisposable
{
    private readonly FeatureTap _tap;

    private protected LayerPrior(nn.Module model, string layer, nn.Module? learner)
    {
        _tap = new(model, layer);
        Learner = learner;
    }

    /// <summary>The name of the layer.</summary>
    public string Layer => _tap.Layer;

    /// <summary>The module that learns with the model and is dropped after it, or null; it stays the caller's, and its parameters go into the optimiser.</summary>
    public nn.Module? Learner { get; }

    /// <summary>Drops the features of a forward pass that is to cost nothing, as that of an attack.</summary>
    public void Forget() => _tap.Forget();

    /// <summary>Stops listening. The learner stays as it is.</summary>
    public void Dispose()
    {
        _tap.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The features of the last pass, in the caller's dispose scope.</summary>
    private protected Tensor Take() => _tap.Take();

    /// <summary>The terms of a micro-batch.</summary>
    /// <param name="step">The micro-batch.</param>
    /// <param name="rows">What is known of its samples.</param>
    /// <param name="batchRows">The same of the whole batch, which a mean divides by.</param>
    internal abstract IEnumerable<LossTerm> TermsOf(StepContext step, Tensor rows, Tensor batchRows);
}
