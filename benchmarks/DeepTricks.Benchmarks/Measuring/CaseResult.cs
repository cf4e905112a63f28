namespace DeepTricks.Benchmarks.Measuring;

/// <summary>What a case took on both sides, round by round.</summary>
/// <param name="Name">The name, as it is printed.</param>
/// <param name="Unit">Of the samples.</param>
/// <param name="OurSamples">Ours, of one run.</param>
/// <param name="PeerSamples">The peer's, of one run.</param>
public sealed record CaseResult(string Name, SampleUnit Unit, IReadOnlyList<double> OurSamples, IReadOnlyList<double> PeerSamples)
{
    /// <summary>Ours over the peer's, medians; below 1 is better.</summary>
    public double Ratio => Ours.Median / Peer.Median;

    /// <summary>The same of processor time, where time was measured: on a busy machine a hint at what a quiet one would show.</summary>
    public double? ProcessorRatio { get; init; }

    /// <summary>The ratios of the rounds that stood side by side.</summary>
    public Spread Ratios => Spread.Of(OurSamples.Zip(PeerSamples, (ours, peer) => ours / peer));

    public Spread Ours => Spread.Of(OurSamples);

    public Spread Peer => Spread.Of(PeerSamples);

    /// <summary>Time by the clock, from the rounds of both sides.</summary>
    public static CaseResult OfTimes(string name, IReadOnlyList<Round> ours, IReadOnlyList<Round> peer) =>
        new(name, SampleUnit.Seconds, [.. ours.Select(round => round.Wall)], [.. peer.Select(round => round.Wall)])
        {
            ProcessorRatio = Spread.Of(ours.Select(round => round.Processor)).Median / Spread.Of(peer.Select(round => round.Processor)).Median,
        };
}
