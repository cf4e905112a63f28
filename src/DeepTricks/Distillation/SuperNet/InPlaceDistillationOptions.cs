namespace DeepTricks.Distillation;

/// <summary>The settings of <see cref="InPlaceDistillation"/>; the defaults are those of the sandwich rule (Yu and Huang, "Universally Slimmable Networks", 2019).</summary>
public sealed record InPlaceDistillationOptions
{
    /// <summary>How many random sub-nets run in each step beside the largest and the smallest; at least 0, 2 by default.</summary>
    public int RandomSubnets
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(RandomSubnets), value, "Expected at least 0.");
    }
        = 2;

    /// <summary>The temperature of both sides; 1 by default. The loss is multiplied by its square.</summary>
    public double Temperature { get; init => field = LogitChecks.Positive(value); } = 1;

    /// <summary>What multiplies the loss of each sub-net; at least 0, 1 by default.</summary>
    public double SubnetWeight { get; init => field = LogitChecks.NotNegative(value); } = 1;

    /// <summary>The seed of the random sub-nets; 0 by default. Which they are is a function of it and the step.</summary>
    public long Seed { get; init; }
}
