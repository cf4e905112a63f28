namespace DeepTricks.Backbones;

/// <summary>
/// The networks of Huang et al. ("Densely Connected Convolutional Networks", 2017) as torchvision builds them. The default is DenseNet-121.
/// </summary>
public sealed record DenseNetOptions : BackboneOptions
{
    /// <summary>121 layers.</summary>
    public static DenseNetOptions DenseNet121 { get; } = new();

    /// <summary>161 layers, that grow by 48 channels.</summary>
    public static DenseNetOptions DenseNet161 { get; } = new() { GrowthRate = 48, Blocks = [6, 12, 36, 24], StemChannels = 96 };

    /// <summary>169 layers.</summary>
    public static DenseNetOptions DenseNet169 { get; } = new() { Blocks = [6, 12, 32, 32] };

    /// <summary>201 layers.</summary>
    public static DenseNetOptions DenseNet201 { get; } = new() { Blocks = [6, 12, 48, 32] };

    /// <summary>The channels that a layer adds; 32 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int GrowthRate { get; init => field = Positive(value, nameof(GrowthRate)); } = 32;

    /// <summary>The layers of the blocks; 6, 12, 24 and 16 by default.</summary>
    /// <exception cref="ArgumentException">There are none, or one is below 1.</exception>
    public IReadOnlyList<int> Blocks
    {
        get;
        init => field = value is { Count: > 0 } && value.All(count => count > 0)
            ? value
            : throw new ArgumentException("Expected counts of at least 1.", nameof(Blocks));
    }
        = [6, 12, 24, 16];

    /// <summary>The channels of the first convolution; 64 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int StemChannels { get; init => field = Positive(value, nameof(StemChannels)); } = 64;

    /// <summary>How many times the growth rate is the width of a layer's 1 × 1 convolution; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BottleneckFactor { get; init => field = Positive(value, nameof(BottleneckFactor)); } = 4;

    /// <summary>The probability of dropout after each layer; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Probability.Check(value, nameof(Dropout)); }

    private static int Positive(int value, string name) => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");
}
