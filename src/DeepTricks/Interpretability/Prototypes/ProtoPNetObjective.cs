using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Trains a <see cref="ProtoPNet"/> by cross entropy and the costs of its prototypes, as the terms "cross-entropy", "cluster", "separation" and "sparsity"; those whose
/// weight is 0 are left out.
/// </summary>
public sealed class ProtoPNetObjective : Objective
{
    private readonly ProtoPNet _model;
    private readonly PrototypeCostWeights _weights;
    private Tensor? _distances;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The network; it stays the caller's.</param>
    /// <param name="weights">How much each cost counts; the authors' where null.</param>
    public ProtoPNetObjective(ProtoPNet model, PrototypeCostWeights? weights = null) : base(model) => (_model, _weights) = (model, weights ?? new());

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        (var logits, _distances) = _model.Classify(input);
        return logits;
    }

    /// <inheritdoc/>
    public override void Loss(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var distances = _distances ?? throw new InvalidOperationException("The costs come after a forward pass.");
        _distances = null;
        var classes = _weights.ClassSpecific ? _model.PrototypeClassTensor : null;
        Add("cross-entropy", _weights.CrossEntropy, () => nn.functional.cross_entropy(step.Output, step.Target));
        Add("cluster", _weights.Cluster, () => classes is null ? PrototypeCosts.Cluster(distances) : PrototypeCosts.Cluster(distances, step.Target, classes));
        if (classes is not null) Add("separation", _weights.Separation, () => PrototypeCosts.Separation(distances, step.Target, classes));
        Add("sparsity", _weights.Sparsity, () => PrototypeCosts.Sparsity(_model.LastLayer, classes));

        void Add(string name, double weight, Func<Tensor> cost)
        {
            if (weight != 0) step.Terms.Add(new(name, cost(), weight));
        }
    }
}
