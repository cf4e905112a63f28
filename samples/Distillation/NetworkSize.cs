namespace DistillationSample;

/// <summary>How wide a network is.</summary>
/// <param name="First">The channels of its first stage.</param>
/// <param name="Second">Those of its second.</param>
/// <param name="Features">The units before its head.</param>
internal sealed record NetworkSize(int First, int Second, int Features)
{
    public static NetworkSize Teacher { get; } = new(32, 64, 256) { Dropout = 0.5 };

    public static NetworkSize Assistant { get; } = new(16, 32, 96);

    public static NetworkSize Student { get; } = new(8, 16, 32);

    /// <summary>The part of the features that is left out in training.</summary>
    public double Dropout { get; private init; }
}
