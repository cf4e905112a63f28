namespace DeepTricks.Backbones;

/// <summary>
/// The residual networks of He et al. ("Deep Residual Learning for Image Recognition", 2016), the wide ones of Zagoruyko and Komodakis (2016)
/// and the ResNeXt of Xie et al. (2017), as torchvision builds them: <c>ResNetOptions.ResNet50 with { NumClasses = 21 }</c>. The default is ResNet-50.
/// With <see cref="BackboneOptions.NumClasses"/> 0 there is no <c>fc</c>, and the network returns the pooled features.
/// </summary>
public sealed record ResNetOptions : BackboneOptions
{
    private const int StageCount = 4, StridedStages = 3;

    /// <summary>18 layers, of basic blocks.</summary>
    public static ResNetOptions ResNet18 { get; } = new() { Blocks = [2, 2, 2, 2], Bottleneck = false };

    /// <summary>34 layers, of basic blocks.</summary>
    public static ResNetOptions ResNet34 { get; } = new() { Bottleneck = false };

    /// <summary>50 layers.</summary>
    public static ResNetOptions ResNet50 { get; } = new();

    /// <summary>101 layers.</summary>
    public static ResNetOptions ResNet101 { get; } = new() { Blocks = [3, 4, 23, 3] };

    /// <summary>152 layers.</summary>
    public static ResNetOptions ResNet152 { get; } = new() { Blocks = [3, 8, 36, 3] };

    /// <summary>50 layers, the inner ones twice as wide: torchvision's wide_resnet50_2.</summary>
    public static ResNetOptions WideResNet50 { get; } = new() { WidthPerGroup = 128 };

    /// <summary>101 layers, the inner ones twice as wide: torchvision's wide_resnet101_2.</summary>
    public static ResNetOptions WideResNet101 { get; } = ResNet101 with { WidthPerGroup = 128 };

    /// <summary>50 layers with 32 groups 4 wide: torchvision's resnext50_32x4d.</summary>
    public static ResNetOptions ResNeXt50 { get; } = new() { Groups = 32, WidthPerGroup = 4 };

    /// <summary>101 layers with 32 groups 8 wide: torchvision's resnext101_32x8d.</summary>
    public static ResNetOptions ResNeXt101 { get; } = ResNet101 with { Groups = 32, WidthPerGroup = 8 };

    /// <summary>The residual blocks of the four stages; 3, 4, 6 and 3 by default.</summary>
    /// <exception cref="ArgumentException">There are not four, or one is below 1.</exception>
    public IReadOnlyList<int> Blocks
    {
        get;
        init => field = value is { Count: StageCount } && value.All(count => count > 0)
            ? value
            : throw new ArgumentException($"Expected {StageCount} counts of at least 1.", nameof(Blocks));
    }
        = [3, 4, 6, 3];

    /// <summary>Whether a block is 1 × 1, 3 × 3 and 1 × 1 with four times the channels (the default), or twice 3 × 3.</summary>
    public bool Bottleneck { get; init; } = true;

    /// <summary>The groups of a bottleneck's 3 × 3 convolution; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Groups
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Groups), value, "Expected at least 1.");
    }
        = 1;

    /// <summary>The channels of a group in the first stage; 64 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int WidthPerGroup
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(WidthPerGroup), value, "Expected at least 1.");
    }
        = 64;

    /// <summary>
    /// For the second, third and fourth stage, whether dilation takes the place of the stride, which keeps the resolution for
    /// segmentation; none by default. Bottlenecks only, as in torchvision.
    /// </summary>
    /// <exception cref="ArgumentException">There are not three.</exception>
    public IReadOnlyList<bool> ReplaceStrideWithDilation
    {
        get;
        init => field = value is { Count: StridedStages } ? value : throw new ArgumentException($"Expected {StridedStages} values.", nameof(ReplaceStrideWithDilation));
    }
        = [false, false, false];

    /// <summary>
    /// Whether the last normalisation of each block starts at zero, so that the block starts as the identity (Goyal et al. 2017);
    /// false by default, as in torchvision.
    /// </summary>
    public bool ZeroInitResidual { get; init; }

    /// <summary>The channels of a stage, counted from 0.</summary>
    internal long StageChannels(int stage) => (ResNetStages.FirstPlanes << stage) * (Bottleneck ? Backbones.Bottleneck.Expansion : BasicBlock.Expansion);

    /// <summary>Refuses what basic blocks cannot do.</summary>
    internal void Check()
    {
        if (!Bottleneck && (Groups != 1 || WidthPerGroup != 64 || ReplaceStrideWithDilation.Contains(true)))
            throw new ArgumentException("Basic blocks have one group, 64 channels in the first stage and no dilation; expected bottlenecks.", "options");
    }
}
