using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Metrics;

/// <summary>Labels that are no class, counted: of the target and of the output.</summary>
internal static class LabelErrors
{
    /// <summary>Throws before a batch is counted, where that takes no wait.</summary>
    internal static void ThrowOnCpu(Tensor wrong, int classes)
    {
        if (wrong.device_type != DeviceType.CPU)
            return;
        var (truth, guess) = Read(wrong);
        if (truth > 0)
            throw new ArgumentException($"{truth} labels are not from 0 to {classes - 1}, and not those to ignore.", "target");
        if (guess > 0)
            throw new ArgumentException($"{guess} labels are not from 0 to {classes - 1}.", "output");
    }

    /// <summary>Throws where labels on another device were no classes.</summary>
    internal static void Throw(Tensor wrong, int classes)
    {
        var (truth, guess) = Read(wrong);
        if (truth > 0 || guess > 0)
            throw new InvalidOperationException(
                $"{truth} labels of targets and {guess} of outputs were not from 0 to {classes - 1}, and not those to ignore.");
    }

    private static (long Truth, long Guess) Read(Tensor wrong)
    {
        using var host = wrong.cpu();
        var numbers = host.data<long>();
        return (numbers[0], numbers[1]);
    }
}
