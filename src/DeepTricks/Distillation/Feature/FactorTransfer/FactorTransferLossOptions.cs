namespace DeepTricks.Distillation;

/// <summary>What of the factors a <see cref="FactorTransferLoss"/> compares.</summary>
public sealed record FactorTransferLossOptions
{
    /// <summary>The whole factors, as the paper and Knowledge-Distillation-Zoo, mmrazor and torchdistill have it.</summary>
    public static FactorTransferLossOptions WholeFactor { get; } = new() { CollapseChannels = false };

    /// <summary>RepDistiller: attention maps of the factors; the default. Its weight is 200.</summary>
    public static FactorTransferLossOptions RepDistiller { get; } = new();

    /// <summary>Whether each factor is first reduced to the mean of the squares over its channels; true by default.</summary>
    public bool CollapseChannels { get; init; } = true;

    /// <summary>What absolute differences are raised to, above 0; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public double Power { get; init => field = LogitChecks.Positive(value, nameof(Power)); } = 1;
}
