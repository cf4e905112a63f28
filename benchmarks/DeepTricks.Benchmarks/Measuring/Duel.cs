using System.Diagnostics;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>Measures two sides in turns, so that both meet the same weather on the machine.</summary>
/// <param name="Rounds">Rounds of each side.</param>
/// <param name="RoundSeconds">What one round shall take; the runs in it are chosen so.</param>
/// <param name="WarmUpSeconds">How long each side runs before anything counts: our code is compiled again while it runs.</param>
/// <param name="Pause">Seconds of rest before each round, in which the threads of the other side go to sleep.</param>
public sealed record Duel(int Rounds = 11, double RoundSeconds = 0.2, double WarmUpSeconds = 2, double Pause = 0.05)
{
    // Both sides sum in their own order, and three steps of training carry that on.
    private const double CheckTolerance = 1e-3;
    private const int MemoryRuns = 5;

    // Memory hardly differs from run to run: what takes long need not run five times.
    private static readonly TimeSpan EnoughMemoryRuns = TimeSpan.FromSeconds(30);

    /// <summary>Sets both up, holds them to the same result, and measures.</summary>
    /// <exception cref="InvalidOperationException">The two do not compute the same.</exception>
    public CaseResult Measure(string name, ISide ours, ISide peer, string? peerName = null)
    {
        SetUp(name, ours, peer, peerName);
        var (ourRuns, peerRuns) = (WarmUp(ours), WarmUp(peer));
        var (ourTimes, peerTimes) = (new List<Round>(), new List<Round>());
        for (var round = 0; round < Rounds; round++)
        {
            // Who goes first changes, too: what grows or shrinks over time favours neither.
            if (round % 2 == 0) ourTimes.Add(Time(ours, ourRuns));
            peerTimes.Add(Time(peer, peerRuns));
            if (round % 2 == 1) ourTimes.Add(Time(ours, ourRuns));
        }
        return CaseResult.OfTimes(name, ourTimes, peerTimes);
    }

    /// <summary>Sets both up, holds them to the same result, and measures the memory of single runs.</summary>
    public static CaseResult MeasureMemory(string name, ISide ours, ISide peer)
    {
        SetUp(name, ours, peer, name);
        var (ourPeaks, peerPeaks) = (new List<double>(), new List<double>());
        var start = Stopwatch.GetTimestamp();
        for (var run = 0; run < MemoryRuns && (run == 0 || Stopwatch.GetElapsedTime(start) < EnoughMemoryRuns); run++)
        {
            ourPeaks.Add(ours.Peak());
            peerPeaks.Add(peer.Peak());
        }
        return new($"{name}-memory", SampleUnit.Bytes, ourPeaks, peerPeaks);
    }

    private static void SetUp(string name, ISide ours, ISide peer, string? peerName)
    {
        var (mine, theirs) = (ours.SetUp(name), peer.SetUp(peerName ?? name));
        if (!(Math.Abs(mine - theirs) <= CheckTolerance * Math.Max(Math.Abs(mine), Math.Abs(theirs))))
            throw new InvalidOperationException($"{name}: ours computes {mine}, the peer {theirs}; they do not do the same work.");
    }

    private Round Time(ISide side, long runs)
    {
        Thread.Sleep(TimeSpan.FromSeconds(Pause));
        var (wall, processor) = side.Run(runs);
        return new(wall / runs, processor / runs);
    }

    /// <summary>Runs the case for the time of the warm-up, and says how many runs a round takes.</summary>
    private long WarmUp(ISide side)
    {
        var (runs, seconds) = (1L, 0.0);
        for (var spent = 0.0; spent < WarmUpSeconds; spent += seconds)
        {
            seconds = Math.Max(side.Run(runs).Wall, 1e-9);
            // By no more than the tenfold at once: the first runs are slow.
            runs = Math.Clamp((long)(runs * RoundSeconds / seconds), 1, runs * 10);
        }
        return runs;
    }
}
