using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// The 4-cascaded RefineNet (Lin et al., "RefineNet: Multi-Path Refinement Networks for High-Resolution Semantic Segmentation", 2017) with the architecture
/// and state-dict names of DrSleep/refinenet-pytorch: residual convolution units, fusion and chained residual pooling at each of the residual network's four resolutions.
/// </summary>
public sealed class RefineNet : RefinementNetwork
{
    /// <summary>Makes the network. The encoder's first weights are drawn as torchvision draws them, those of the decoder as PyTorch does.</summary>
    /// <param name="options">Encoder, classes and dropout; RF101 for 21 classes where null.</param>
    public RefineNet(RefineNetOptions? options = null) : this(options ?? new(), nameof(RefineNet))
    {
    }

    private RefineNet(RefineNetOptions options, string name) : base(name, ResNetEncoder(options.Backbone))
    {
        var dropout = AddDropout(options.Dropout);
        AddResNetStages(options.Backbone, kernel: 3, dropout, units: true);
        if (dropout is not null) AddHead(dropout);
        AddClassifier("clf_conv", options.NumClasses, options.Backbone);
    }
}
