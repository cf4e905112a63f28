using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>Settings of <see cref="LearningRateFinder"/>.</summary>
public sealed record LearningRateFinderOptions
{
    /// <summary>The first rate; 1e-7 by default, as in fastai.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double From { get; init => field = Positive(value, nameof(From)); } = 1e-7;

    /// <summary>The last rate; 10 by default, as in fastai.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double To { get; init => field = Positive(value, nameof(To)); } = 10;

    /// <summary>The most steps; 100 by default, as in fastai.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Steps
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Steps), value, "Expected at least 1.");
    } = 100;

    /// <summary>The device that batches are moved to; null, the default, leaves them where they are.</summary>
    public Device? Device { get; init; }

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a rate above 0.");
}
