using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// A network that classifies by parts that look like parts it has seen (Chen et al., "This Looks Like That: Deep Learning for Interpretable Image
/// Recognition", 2019): backbone, add-on layers, prototypes, and a last layer without bias from the scores of the prototypes to classes. State-dict names are those
/// of the authors' code (cfchen-duke/ProtoPNet): <c>features.*</c>, <c>add_on_layers.*</c>, <c>prototype_vectors</c>, <c>ones</c>, <c>last_layer.weight</c>.
/// </summary>
/// <remarks>
/// Which class a prototype belongs to stands in no state dict: <see cref="ProtoPNetOptions.PrototypeClasses"/> says it, and
/// <see cref="ProtoPNetOptions.Of"/> finds it out for a file.
/// </remarks>
public sealed partial class ProtoPNet : nn.Module<Tensor, Tensor>
{
    private const string PrototypesName = "prototype_vectors", OnesName = "ones", ClassesName = "prototype_classes";

    [ComponentName(Name = "features")] private readonly nn.Module<Tensor, Tensor> _features;
    [ComponentName(Name = "add_on_layers")] private readonly Sequential _addOnLayers;
    [ComponentName(Name = "last_layer")] private readonly Linear _lastLayer;
    [ComponentName(Name = PrototypesName)] private Parameter _prototypes;

    // The authors' distance convolves with it; here it is there for their files alone.
    [ComponentName(Name = OnesName)] private Parameter _ones;

    /// <summary>Puts the network on a backbone, whose pooling and head are left out.</summary>
    /// <param name="backbone">The backbone; its layers become a part of this network too.</param>
    /// <param name="options">The other parts; the authors' settings where null.</param>
    public ProtoPNet(Backbone backbone, ProtoPNetOptions? options = null)
        : this(new BackboneTrunk(backbone ?? throw new ArgumentNullException(nameof(backbone))), options ?? new())
    {
    }

    /// <summary>Puts the network on any module from images to feature maps.</summary>
    /// <param name="features">From [N, ...] to [N, channels, H, W]; becomes a part of this network.</param>
    /// <param name="channels">The channels of what it gives, at least 1.</param>
    /// <param name="options">The other parts; the authors' settings where null.</param>
    public ProtoPNet(nn.Module<Tensor, Tensor> features, long channels, ProtoPNetOptions? options = null)
        : this(features ?? throw new ArgumentNullException(nameof(features)), options ?? new(), channels)
    {
    }

    private ProtoPNet(BackboneTrunk trunk, ProtoPNetOptions options) : this(trunk, options, trunk.Channels)
    {
    }

    private ProtoPNet(nn.Module<Tensor, Tensor> features, ProtoPNetOptions options, long channels) : base(nameof(ProtoPNet))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        PrototypeClasses = options.Classes();
        NumClasses = options.NumClasses;
        Similarity = options.Similarity;
        _features = features;
        _addOnLayers = AddOn.Make(options.AddOnLayers, channels, options.PrototypeChannels, options.Generator);
        _prototypes = new(rand(options.Shape.Sizes, generator: options.Generator));
        _ones = new(ones(options.Shape.Sizes), requires_grad: false);
        _prototypes.DetachFromDisposeScope();
        _ones.DetachFromDisposeScope();
        _lastLayer = nn.Linear(options.Shape.Count, NumClasses, hasBias: false);
        RegisterComponents();
        RegisterClasses(CPU);
        SetIncorrectStrength(options.IncorrectStrength);
        var (rows, columns) = ReceptiveField.Behind(features);
        ReceptiveFields = (rows.Through(options.PrototypeHeight, 1, 0), columns.Through(options.PrototypeWidth, 1, 0));
    }

    /// <summary>The classes, K.</summary>
    public int NumClasses { get; }

    /// <summary>The class of each prototype.</summary>
    public IReadOnlyList<int> PrototypeClasses { get; private set; }

    /// <summary>The same, [P], int64, on the device of the network.</summary>
    public Tensor PrototypeClassTensor => get_buffer(ClassesName)!;

    /// <summary>The prototypes, [P, C, h, w].</summary>
    public Parameter Prototypes => _prototypes;

    /// <summary>The weights from prototypes to classes, [K, P].</summary>
    public Parameter LastLayer => _lastLayer.weight!;

    /// <summary>How distances become scores.</summary>
    public PrototypeSimilarity Similarity { get; }

    /// <summary>What a patch sees along rows and columns of the image; to be set where <see cref="ReceptiveField.Behind"/> does not know the network.</summary>
    public (ReceptiveField Rows, ReceptiveField Columns) ReceptiveFields { get; set; }

    /// <summary>Runs images through the network.</summary>
    /// <param name="input">Images as the backbone takes them; need not be square.</param>
    /// <returns>Logits, [N, K].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Classify(input).Logits.MoveToOuterDisposeScope();
    }

    /// <summary>Runs images through the network and keeps the distances, which the costs are computed of.</summary>
    /// <param name="images">As for <see cref="forward"/>.</param>
    public ProtoPNetOutput Classify(Tensor images)
    {
        using var scope = NewDisposeScope();
        var distances = PrototypeDistance.Minimum(Features(images), _prototypes);
        return new(Logits(distances).MoveToOuterDisposeScope(), distances.MoveToOuterDisposeScope());
    }

    /// <summary>The logits of distances.</summary>
    /// <param name="distances">[N, P]; see <see cref="PrototypeDistance.Minimum"/>.</param>
    /// <returns>[N, K].</returns>
    public Tensor Logits(Tensor distances)
    {
        using var scores = Similarity.Compute(distances);
        return _lastLayer.call(scores);
    }

    /// <summary>The feature maps that prototypes are compared with.</summary>
    /// <param name="images">As for <see cref="forward"/>.</param>
    /// <returns>[N, C, H, W].</returns>
    public Tensor Features(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        return _addOnLayers.call(_features.call(images)).MoveToOuterDisposeScope();
    }

    /// <summary>The distance of each prototype to each patch of images.</summary>
    /// <param name="images">As for <see cref="forward"/>.</param>
    /// <returns>[N, P, H − h + 1, W − w + 1] for feature maps [N, C, H, W].</returns>
    public Tensor DistanceMaps(Tensor images)
    {
        using var features = Features(images);
        return PrototypeDistance.Maps(features, _prototypes);
    }

    /// <summary>Sets the last layer to 1 from each prototype to its class, and to a number to all others.</summary>
    /// <param name="strength">The number; −0.5 where the network was made without another.</param>
    public void SetIncorrectStrength(double strength)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var own = PrototypeClassTensor.unsqueeze(0) == arange(NumClasses, ScalarType.Int64, PrototypeClassTensor.device).unsqueeze(1);
        LastLayer.copy_(where(own, 1.0, strength));
    }

    /// <summary>Lets the parts of a phase take gradients, and no other.</summary>
    /// <param name="phase">The phase. The last layer takes gradients in each; only an optimiser of the last phase changes it, as in the authors' code.</param>
    public void SetPhase(PrototypePhase phase)
    {
        foreach (var parameter in _features.parameters()) parameter.requires_grad = phase is PrototypePhase.Joint;
        foreach (var parameter in _addOnLayers.parameters().Append(_prototypes)) parameter.requires_grad = phase is not PrototypePhase.LastLayer;
        LastLayer.requires_grad = true;
    }

    /// <summary>The parameters of the backbone.</summary>
    internal IEnumerable<Parameter> FeatureParameters => _features.parameters();

    /// <summary>The parameters of the add-on layers.</summary>
    internal IEnumerable<Parameter> AddOnParameters => _addOnLayers.parameters();

    private void RegisterClasses(Device device)
    {
        var classes = tensor(PrototypeClasses.Select(index => (long)index).ToArray(), device: device).DetachFromDisposeScope();
        ConditionallyRegisterBuffer(ClassesName, classes, persistent: false);
    }
}
