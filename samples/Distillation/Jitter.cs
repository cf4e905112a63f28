using DeepTricks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillationSample;

/// <summary>Moves each image by up to two pixels up or down and left or right, as Hinton et al. did for their teacher.</summary>
internal static class Jitter
{
    private const int Most = 2;

    public static (Tensor Input, Tensor? Target) Move(Tensor input, Tensor? target, IReadOnlyList<SampleRandom> random)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (input.shape[2], input.shape[3]);
        var padded = nn.functional.pad(input, [Most, Most, Most, Most]);
        var moved = random.Select((draw, i) => padded.narrow(0, i, 1)
            .narrow(2, draw.NextInt32((2 * Most) + 1), height)
            .narrow(3, draw.NextInt32((2 * Most) + 1), width));
        return (cat([.. moved]).MoveToOuterDisposeScope(), target?.alias().MoveToOuterDisposeScope());
    }
}
