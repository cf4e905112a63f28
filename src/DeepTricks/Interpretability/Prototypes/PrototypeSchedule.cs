using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// When which parts of a <see cref="ProtoPNet"/> learn, and how fast: warm, joint, and after each projection the last layer alone. The defaults are the authors'.
/// </summary>
public sealed record PrototypeSchedule
{
    /// <summary>The first epochs, in which the backbone does not learn; 5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int WarmEpochs { get; init => field = AtLeast(0, value, nameof(WarmEpochs)); } = 5;

    /// <summary>The first epoch after which prototypes are projected, from 0; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ProjectionStart { get; init => field = AtLeast(0, value, nameof(ProjectionStart)); } = 10;

    /// <summary>From then on prototypes are projected after each epoch whose number it divides; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int ProjectionInterval { get; init => field = AtLeast(1, value, nameof(ProjectionInterval)); } = 10;

    /// <summary>The epochs of the last layer after each projection; 20 by default. The authors leave them out with the linear similarity: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int LastLayerEpochs { get; init => field = AtLeast(0, value, nameof(LastLayerEpochs)); } = 20;

    /// <summary>The learning rate of the backbone in the joint phase; 1e-4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double FeatureRate { get; init => field = Rate(value, nameof(FeatureRate)); } = 1e-4;

    /// <summary>The learning rate of the add-on layers; 3e-3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double AddOnRate { get; init => field = Rate(value, nameof(AddOnRate)); } = 3e-3;

    /// <summary>The learning rate of the prototypes; 3e-3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double PrototypeRate { get; init => field = Rate(value, nameof(PrototypeRate)); } = 3e-3;

    /// <summary>The learning rate of the last layer in its phase; 1e-4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double LastLayerRate { get; init => field = Rate(value, nameof(LastLayerRate)); } = 1e-4;

    /// <summary>What pulls the weights of backbone and add-on layers to 0; 1e-3 by default. Prototypes and last layer have none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public double WeightDecay { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(WeightDecay), value, "Expected no negative decay."); } = 1e-3;

    /// <summary>
    /// The joint epochs after which the rates fall; 5 by default. As the authors step before each epoch, and PyTorch since 1.1 counts that, the first time
    /// comes an epoch early.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int DecayInterval { get; init => field = AtLeast(1, value, nameof(DecayInterval)); } = 5;

    /// <summary>What the rates of the joint phase are multiplied by then; 0.1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Decay { get; init => field = Rate(value, nameof(Decay)); } = 0.1;

    /// <summary>The parts of a training.</summary>
    /// <param name="epochs">The epochs of warm and joint training in all, at least 1; those of the last layer are not counted, as by the authors.</param>
    /// <returns>The parts, one after the other. A training that is to end in a projection ends with an epoch that has one: 11, 21 and so on by default.</returns>
    public IReadOnlyList<PrototypeStep> Steps(int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        var steps = new List<PrototypeStep>();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var phase = epoch < WarmEpochs ? PrototypePhase.Warm : PrototypePhase.Joint;
            if (steps.Count > 0 && steps[^1].Phase == phase) steps[^1] = steps[^1] with { Epochs = steps[^1].Epochs + 1 };
            else steps.Add(new(phase, 1, epoch));
            if (epoch < ProjectionStart || epoch % ProjectionInterval != 0) continue;
            steps.Add(new(null, 0, epoch));
            if (LastLayerEpochs > 0) steps.Add(new(PrototypePhase.LastLayer, LastLayerEpochs, epoch));
        }

        return steps;
    }

    /// <summary>What the rates of the joint phase are multiplied by in one of its epochs.</summary>
    /// <param name="epoch">The epoch of the joint phase, from 0.</param>
    public double JointFactor(int epoch) => Math.Pow(Decay, (epoch + 1) / DecayInterval);

    /// <summary>The optimiser of a phase, Adam with a group for each part that learns.</summary>
    /// <param name="model">The network; call <see cref="ProtoPNet.SetPhase"/> too.</param>
    /// <param name="phase">The phase.</param>
    public Adam Optimizer(ProtoPNet model, PrototypePhase phase)
    {
        ArgumentNullException.ThrowIfNull(model);
        List<Adam.ParamGroup> groups = [];
        if (phase is PrototypePhase.LastLayer)
        {
            groups.Add(new([model.LastLayer], LastLayerRate));
        }
        else
        {
            if (phase is PrototypePhase.Joint && model.FeatureParameters.ToList() is { Count: > 0 } features) groups.Add(new(features, FeatureRate, weight_decay: WeightDecay));
            groups.Add(new([.. model.AddOnParameters], AddOnRate, weight_decay: WeightDecay));
            groups.Add(new([model.Prototypes], PrototypeRate));
        }

        return optim.Adam(groups);
    }

    private static int AtLeast(int least, int value, string name) => value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"Expected at least {least}.");

    private static double Rate(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number above 0.");
}
