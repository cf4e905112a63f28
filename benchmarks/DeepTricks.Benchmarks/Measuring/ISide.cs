namespace DeepTricks.Benchmarks.Measuring;

/// <summary>One of the two that are compared: it has one case at hand, and runs it when told to.</summary>
public interface ISide
{
    /// <summary>Makes a case ready, and gives the number that tells what it computes.</summary>
    double SetUp(string name);

    /// <summary>Runs the case so many times.</summary>
    Round Run(long runs);

    /// <summary>Runs the case once, and says how many bytes it took at its peak.</summary>
    double Peak();
}
