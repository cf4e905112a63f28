using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

/// <summary>A test on the real digits of ../shared/data/mnist; skipped where they are not.</summary>
public sealed class RealMnistFactAttribute : FactAttribute
{
    /// <summary>Looks for the files.</summary>
    public RealMnistFactAttribute()
    {
        if (!MnistFiles.AreIn(Path.Combine(Repository.Root, "..", "shared", "data", "mnist")))
        {
            Skip = "../shared/data/mnist is not here.";
        }
    }
}
