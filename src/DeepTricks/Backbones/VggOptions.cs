namespace DeepTricks.Backbones;

/// <summary>
/// The networks of Simonyan and Zisserman ("Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015) as torchvision builds
/// them: <c>VggOptions.Vgg16 with { BatchNorm = true }</c>. The default is VGG-16 without normalisation.
/// </summary>
public sealed record VggOptions : BackboneOptions
{
    private const int StageCount = 5;

    /// <summary>11 layers, configuration A.</summary>
    public static VggOptions Vgg11 { get; } = new() { Convolutions = [1, 1, 2, 2, 2] };

    /// <summary>13 layers, configuration B.</summary>
    public static VggOptions Vgg13 { get; } = new() { Convolutions = [2, 2, 2, 2, 2] };

    /// <summary>16 layers, configuration D.</summary>
    public static VggOptions Vgg16 { get; } = new();

    /// <summary>19 layers, configuration E.</summary>
    public static VggOptions Vgg19 { get; } = new() { Convolutions = [2, 2, 4, 4, 4] };

    /// <summary>The convolutions of the five stages; 2, 2, 3, 3 and 3 by default.</summary>
    /// <exception cref="ArgumentException">There are not five, or one is below 1.</exception>
    public IReadOnlyList<int> Convolutions
    {
        get;
        init => field = value is { Count: StageCount } && value.All(count => count > 0)
            ? value
            : throw new ArgumentException($"Expected {StageCount} counts of at least 1.", nameof(Convolutions));
    }
        = [2, 2, 3, 3, 3];

    /// <summary>
    /// Whether each convolution is normalised, as in torchvision's models with <c>_bn</c>; false by default. <see cref="BackboneOptions.NormLayer"/> counts
    /// only then.
    /// </summary>
    public bool BatchNorm { get; init; }

    /// <summary>The probability of the classifier's dropout; 0.5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double Dropout { get; init => field = Probability.Check(value, nameof(Dropout)); } = 0.5;
}
