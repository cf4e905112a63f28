using static TorchSharp.torch;

namespace DeepTricks.Tests;

/// <summary>Holds the tests that read or change what the whole process shares (live tensors, environment variables); they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "process-wide";

    /// <summary>
    /// The live tensors of the process, after whatever earlier tests dropped has been finalised. TorchSharp goes on counting a tensor that
    /// became a <see cref="TorchSharp.Modules.Parameter"/>, so models are made before the first count.
    /// </summary>
    public static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    /// <summary>Fails where a step leaves tensors alive: what it makes once, in its first run, is allowed.</summary>
    public static void AssertFlat(Action step)
    {
        const int repetitions = 4;
        step();
        var before = LiveTensors();
        for (var i = 0; i < repetitions; i++) step();
        Assert.Equal(before, LiveTensors());
    }
}
