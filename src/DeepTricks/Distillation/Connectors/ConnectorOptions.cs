namespace DeepTricks.Distillation;

/// <summary>What a <see cref="Connector"/> is made of.</summary>
public sealed record ConnectorOptions
{
    /// <summary>A 1 × 1 convolution and a normalisation, as of activation boundaries and the overhaul of feature distillation; the default.</summary>
    public static ConnectorOptions Projection { get; } = new();

    /// <summary>The projection alone, with a bias.</summary>
    public static ConnectorOptions Linear { get; } = new() { Normalized = false };

    /// <summary>RepDistiller's regressor of hints, where both sides are maps of which it knows the way (<see cref="ConvolutionalRegressor"/>).</summary>
    public static ConnectorOptions FitNets { get; } = new() { Regressor = true, Relu = true };

    /// <summary>The same without its ReLU, as RepDistiller has it for activation boundaries, before which nothing must be cut off; nothing at all where the shapes are the same.</summary>
    public static ConnectorOptions ActivationBoundary { get; } = new() { Regressor = true, SkipEqualShapes = true };

    /// <summary>Whether the projection is followed by a normalisation, and has no bias itself; true by default.</summary>
    public bool Normalized { get; init; } = true;

    /// <summary>Whether a ReLU comes last; false by default.</summary>
    public bool Relu { get; init; }

    /// <summary>Whether maps get a <see cref="ConvolutionalRegressor"/>; false by default.</summary>
    public bool Regressor { get; init; }

    /// <summary>Whether features that have the shape already pass as they are; false by default.</summary>
    public bool SkipEqualShapes { get; init; }

    /// <summary>How many tokens precede those of the places, as a class token does, where one side has tokens and the other maps; at least 0, 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long LeadingTokens
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(LeadingTokens), value, "Expected at least 0.");
    }
}
