using System.Text.Json.Serialization;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>What one run of a case took on both sides, round by round, in seconds.</summary>
public sealed record CaseResult(string Name, IReadOnlyList<Round> OurRounds, IReadOnlyList<Round> PeerRounds)
{
    /// <summary>Ours over the peer's, medians of the time by the clock; below 1 is faster.</summary>
    public double Ratio => Ours.Median / Peer.Median;

    /// <summary>The same of processor time: on a busy machine a hint at what the ratio would be on a quiet one.</summary>
    public double ProcessorRatio => Spread.Of(OurRounds.Select(round => round.Processor)).Median / Spread.Of(PeerRounds.Select(round => round.Processor)).Median;

    /// <summary>The ratios of the rounds that stood side by side.</summary>
    [JsonIgnore]
    public Spread Ratios => Spread.Of(OurRounds.Zip(PeerRounds, (ours, peer) => ours.Wall / peer.Wall));

    public Spread Ours => Spread.Of(OurRounds.Select(round => round.Wall));

    public Spread Peer => Spread.Of(PeerRounds.Select(round => round.Wall));
}
