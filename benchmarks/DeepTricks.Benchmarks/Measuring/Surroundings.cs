using System.Runtime.InteropServices;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>On what was measured.</summary>
public sealed record Surroundings(string Machine, int Cores, int Threads, string Runtime, string System, DateTimeOffset Time, double LoadBefore)
{
    /// <summary>This machine, now.</summary>
    public static Surroundings Here(int threads) =>
        new(Model(), Environment.ProcessorCount, threads, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, DateTimeOffset.UtcNow, Load());

    public override string ToString() => FormattableString.Invariant($"{Machine}, {Cores} cores, {Threads} threads, {Runtime}, {System}, load before {LoadBefore:0.0}");

    private static string Model() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? Architecture
        : Architecture;

    private static string Architecture => RuntimeInformation.OSArchitecture.ToString();

    private static double Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], global::System.Globalization.CultureInfo.InvariantCulture)
        : double.NaN;
}
