namespace DeepTricks.Segmentation;

/// <summary>What the networks of the RefineNet family have in common.</summary>
public abstract record RefinementNetworkOptions
{
    /// <summary>The classes, the background included; at least 1, 21 by default, as Pascal VOC's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long NumClasses
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(NumClasses), value, "Expected at least one class.");
    }
        = 21;
}
