using System.Diagnostics;
using System.Globalization;
using DeepTricks.Benchmarks.Measuring;

namespace DeepTricks.Benchmarks;

/// <summary>One side as a process that stays up: of ours, or Python's.</summary>
public sealed class SideProcess : IDisposable
{
    private readonly Process _process;

    private SideProcess(string title, int threads, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Some builds of BLAS have threads of their own, which libtorch does not set.
        foreach (var variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        Side = new Side(title, _process.StandardInput, _process.StandardOutput);
    }

    /// <summary>Where the commands go.</summary>
    public ISide Side { get; }

    /// <summary>A process of this program.</summary>
    public static SideProcess Ours(BenchSettings settings) =>
        new("our side", settings.Threads, Environment.ProcessPath!, [settings.Area, "--serve", "--threads", Number(settings.Threads)]);

    /// <summary>A process of the peer's script of the area.</summary>
    public static SideProcess Python(BenchSettings settings, string repository) =>
        new("the peer in Python", settings.Threads, Interpreter, [Path.Combine(repository, "benchmarks", "peers", "serve.py"), settings.Area, Number(settings.Threads)]);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    // Debian's PyTorch belongs to Debian's Python, whatever comes first on the path.
    private static string Interpreter => Environment.GetEnvironmentVariable("DEEPTRICKS_PYTHON") ?? (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
