namespace DeepTricks.Segmentation;

/// <summary>
/// Light-Weight RefineNet on a residual network (Nekrasov, Shen and Reid, "Light-Weight RefineNet for Real-Time Semantic Segmentation", 2018) with the architecture
/// and state-dict names of DrSleep/light-weight-refinenet: convolutions of 1 × 1 but for the classifier's, and no residual convolution units.
/// </summary>
public sealed class LightWeightRefineNet : RefinementNetwork
{
    /// <summary>Makes the network. The encoder's first weights are drawn as torchvision draws them, those of the decoder as PyTorch does.</summary>
    /// <param name="options">Encoder, classes and dropout; RF-LW-50 for 21 classes where null.</param>
    public LightWeightRefineNet(LightWeightRefineNetOptions? options = null) : this(options ?? new(), nameof(LightWeightRefineNet))
    {
    }

    private LightWeightRefineNet(LightWeightRefineNetOptions options, string name) : base(name, ResNetEncoder(options.Backbone))
    {
        AddResNetStages(options.Backbone, kernel: 1, AddDropout(options.Dropout), units: false);
        AddClassifier("clf_conv", options.NumClasses, options.Backbone);
    }
}
