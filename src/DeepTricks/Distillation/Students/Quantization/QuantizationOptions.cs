namespace DeepTricks.Distillation;

/// <summary>How a student is quantised while it learns; by default to 8 bits as in PyTorch's quantisation-aware training.</summary>
public sealed record QuantizationOptions
{
    /// <summary>The share of a new batch in the range of activations, as PyTorch's moving observer has it: 0.01.</summary>
    public const double DefaultAverage = 0.01;

    private const int FewestBits = 2;
    private const int MostBits = 8;

    /// <summary>PyTorch's default: ranges of activations are moving averages.</summary>
    public static QuantizationOptions MovingAverage { get; } = new();

    /// <summary>Ranges of activations hold everything seen so far, as PyTorch's MinMaxObserver has it.</summary>
    public static QuantizationOptions MinMax { get; } = new() { Average = null };

    /// <summary>The layers, by their names in <c>named_modules()</c>; all linear layers and convolutions of two dimensions where empty, the default.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>Layers that stay as they are, as often the first and the last; none by default.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Bits of a weight, 2 to 8; 8 by default: integers from −128 to 127, a scale for each output channel, zero at 0.</summary>
    public int WeightBits { get; init => field = Bits(value, nameof(WeightBits)); } = MostBits;

    /// <summary>Bits of an activation, 2 to 8; 8 by default: integers from 0 to 255, one scale and zero point for a layer's input.</summary>
    public int ActivationBits { get; init => field = Bits(value, nameof(ActivationBits)); } = MostBits;

    /// <summary>Whether activations are quantised, too; true by default.</summary>
    public bool Activations { get; init; } = true;

    /// <summary>The share of a new batch in the range of activations, in (0, 1]; 0.01 by default. Null for the range of everything seen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in (0, 1].</exception>
    public double? Average
    {
        get;
        init => field = value is null or (> 0 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Average), value, "Expected a share in (0, 1].");
    }
        = DefaultAverage;

    private static int Bits(int value, string name) =>
        value is >= FewestBits and <= MostBits ? value : throw new ArgumentOutOfRangeException(name, value, $"Expected {FewestBits} to {MostBits} bits.");
}
