using BenchmarkDotNet.Attributes;

namespace DeepTricks.Benchmarks;

/// <summary>
/// One thing to measure. The class is named as the case is and stands inside the static class of its area (<see cref="AreaCatalogue"/>);
/// the peer's script of the area has a case of the same name that does the same work on the same inputs.
/// </summary>
public abstract class Case
{
    /// <summary>
    /// How often the case runs before its result is read; 3, unless it takes so long that once must do. In the peer's script the function of such a case has
    /// <c>runs_before_check</c>.
    /// </summary>
    protected virtual int RunsBeforeCheck => 3;

    /// <summary>Makes the inputs, by the formula of the golden files.</summary>
    public abstract void SetUp();

    /// <summary>The work that is measured.</summary>
    public abstract void Run();

    /// <summary>A number that tells whether both sides did the same; read after <see cref="SetUp"/> and a few runs.</summary>
    protected abstract double Result();

    // BenchmarkDotNet sees no attribute on a method that is overridden.

    /// <summary><see cref="SetUp"/>, for BenchmarkDotNet.</summary>
    [GlobalSetup]
    public void Prepare() => SetUp();

    /// <summary><see cref="Run"/>, for BenchmarkDotNet.</summary>
    [Benchmark]
    public void Measure() => Run();

    /// <summary>Sets up, runs a few times, and gives the number that both sides must agree on.</summary>
    public double Check()
    {
        SetUp();
        for (var run = 0; run < RunsBeforeCheck; run++)
            Run();
        return Result();
    }
}
