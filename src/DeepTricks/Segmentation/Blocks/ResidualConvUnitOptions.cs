namespace DeepTricks.Segmentation;

/// <summary>The shape of a <see cref="ResidualConvUnit"/>.</summary>
public sealed record ResidualConvUnitOptions : RefinementBlockOptions
{
    /// <summary>The residual units one after the other; at least 1, 2 by default, as on each input path of RefineNet (3 on its outputs in DrSleep/refinenet-pytorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Blocks { get; init => field = CheckCount(value, nameof(Blocks)); } = 2;

    /// <summary>The pairs of ReLU and convolution in a unit; at least 1, 2 by default, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Stages { get; init => field = CheckCount(value, nameof(Stages)); } = 2;
}
