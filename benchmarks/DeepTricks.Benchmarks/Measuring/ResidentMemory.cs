using System.Globalization;
using System.Runtime.InteropServices;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>The memory of this process as Linux counts it.</summary>
internal static partial class ResidentMemory
{
    /// <summary>The bytes by which a run makes the process larger at its peak; what was freed before is handed back first.</summary>
    public static double PeakOf(Action run)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _ = malloc_trim(0);
        File.WriteAllText("/proc/self/clear_refs", "5"); // starts the peak anew
        var before = Read("VmRSS:");
        run();
        return Read("VmHWM:") - before;
    }

    private static double Read(string entry)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(entry, StringComparison.Ordinal));
        return 1024 * double.Parse(line[entry.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
