using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// A network that refines an image network's coarse features with its finer ones, stage by stage, up to a quarter of the image's resolution.
/// The image network is a <see cref="Backbones.Backbone"/>, whose first stages can be frozen.
/// </summary>
public abstract partial class RefinementNetwork : nn.Module<Tensor, Tensor>
{
    // The channels of the stages but the coarsest.
    private protected const long Width = 256;

    private readonly Encoder _encoder;
    private readonly List<RefinementStage> _refinements = [];
    private readonly List<nn.Module> _decoder = [];
    private readonly List<nn.Module<Tensor, Tensor>> _head = [];

    private protected RefinementNetwork(string name, Encoder encoder) : base(name)
    {
        _encoder = encoder;
        // The encoder's parts have their names at the top, as in the original; the encoder itself is in no field, and has none.
        foreach (var (part, module) in encoder.Network.named_children()) register_module(part, module);
    }

    /// <summary>
    /// The encoder, whose parts are this network's. <c>network.Backbone.Freeze(3)</c> freezes its first stages, in this network too, and files of ImageNet load into it alone.
    /// </summary>
    public Backbone Backbone => _encoder.Network;

    /// <summary>The stages of the encoder, and the decoder: each parameter belongs to exactly one. For learning rates by stage.</summary>
    public IReadOnlyList<BackboneStage> Stages => [.. Backbone.Stages, new("decoder", _decoder)];

    /// <summary>Sets the mode of all but the encoder's frozen stages, which stay in evaluation mode.</summary>
    /// <param name="train">Whether they train.</param>
    public override void train(bool train = true)
    {
        base.train(train);
        Backbone.train(train);
    }

    /// <summary>Segments images.</summary>
    /// <param name="input">Images, [N, 3, H, W], of any size, of the type and on the device of the weights.</param>
    /// <returns>Logits, [N, classes, ⌈H / 4⌉, ⌈W / 4⌉].</returns>
    /// <exception cref="ArgumentException">The images have another shape, type or device.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        RefinementLayers.CheckFeatures(input, _encoder.First, nameof(input));
        using var scope = NewDisposeScope();
        var maps = new Queue<Tensor>(_encoder.Maps(input));
        Tensor? refined = null;
        foreach (var stage in _refinements) refined = stage.Refine(maps, refined);
        var logits = refined!.Through([.. _head]);
        if (!ReferenceEquals(logits, refined)) refined!.Dispose();
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>Registers a part of the decoder.</summary>
    private protected T Add<T>(string name, T module) where T : nn.Module
    {
        register_module(name, module);
        _decoder.Add(module);
        return module;
    }

    /// <summary>Adds a stage; stages are added from the coarsest to the finest, and take the encoder's maps in their order.</summary>
    private protected void Add(RefinementStage stage) => _refinements.Add(stage);

    /// <summary>Adds a layer after the last stage.</summary>
    private protected void AddHead(nn.Module<Tensor, Tensor> layer) => _head.Add(layer);

    /// <summary>Adds the convolution that scores the classes, 3 × 3 in all of the family.</summary>
    private protected void AddClassifier(string name, long classes, BackboneOptions encoder) =>
        AddHead(Add(name, RefinementLayers.Convolution(Width, classes, 3, bias: true, encoder.Device, encoder.Generator)));

    /// <summary>Chained residual pooling as the original registers it, alone in a container.</summary>
    private protected static Sequential Pooling(long channels, int kernel, BackboneOptions encoder) =>
        nn.Sequential(new ChainedResidualPooling(channels, new() { KernelSize = kernel, Device = encoder.Device, Generator = encoder.Generator }));

    /// <summary>An image network, and its maps in the order in which the stages take them.</summary>
    private protected sealed record Encoder(Backbone Network, Func<Tensor, IEnumerable<Tensor>> Maps)
    {
        /// <summary>The convolution that takes the images.</summary>
        internal Conv2d First { get; } = Network.modules().OfType<Conv2d>().First();
    }
}
