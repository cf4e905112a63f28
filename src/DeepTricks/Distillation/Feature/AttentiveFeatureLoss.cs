using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Compares channels, each divided by its norm, by how much an attention over the teacher's pooled features makes of each (AFD, after Wang et al., "Pay Attention to Features,
/// Transfer Learn Faster CNNs", 2020), in the form of Knowledge-Distillation-Zoo, whose attention is a squeeze-and-excitation block. The weight there is 500.
/// </summary>
/// <remarks>The attention learns with the student: it belongs into the optimiser. The names are those of Knowledge-Distillation-Zoo: <c>attention.0</c> and <c>attention.2</c>.</remarks>
public sealed class AttentiveFeatureLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private const double Epsilon = 1e-6;

    [ComponentName(Name = "attention")] private readonly Sequential _attention;
    private readonly long _channels;

    /// <summary>Makes the loss with its attention.</summary>
    /// <param name="channels">The channels of both maps.</param>
    /// <param name="squeeze">The attention's hidden channels over those, above 0; 1 by default, as in the example script.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <exception cref="ArgumentException">There would be no hidden channel.</exception>
    public AttentiveFeatureLoss(long channels, double squeeze = 1, Generator? generator = null)
        : base(nameof(AttentiveFeatureLoss))
    {
        _channels = FeatureChecks.Count(channels, nameof(channels));
        var hidden = (long)(channels * LogitChecks.Positive(squeeze, nameof(squeeze)));
        if (hidden < 1)
        {
            throw new ArgumentException($"Expected at least one hidden channel; {channels} times {squeeze} is less.", nameof(squeeze));
        }

        _attention = nn.Sequential(("0", Drawn(channels, hidden)), ("1", nn.ReLU()), ("2", Drawn(hidden, channels)));
        RegisterComponents();

        Conv2d Drawn(long input, long output)
        {
            var layer = nn.Conv2d(input, output, 1);
            Layers.KaimingNormal(layer, nn.init.FanInOut.FanOut, generator);
            return layer;
        }
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of the type and on the device of the weights.</param>
    /// <param name="teacher">Maps [N, C, H', W'] of the same type and on the same device; a constant. The larger map is averaged to the size of the smaller.</param>
    /// <returns>A scalar: the weighted mean over the channels, averaged over samples and places.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: true);
        if (student.shape[1] != _channels)
        {
            throw new ArgumentException($"Expected {_channels} channels; the shape is {student.ShapeText()}.", nameof(student));
        }

        using var scope = NewDisposeScope();
        var (s, t) = FeaturePair.SameSize(student, teacher.detach());
        var weights = _attention.call(t.mean([2, 3], keepdim: true)).flatten(1).sigmoid();
        weights = weights / weights.sum([1], keepdim: true);
        var distances = (Directions(s) - Directions(t)).square().mean([2]);
        return (weights * distances).sum(1L).mean().MoveToOuterDisposeScope();
    }

    private static Tensor Directions(Tensor map)
    {
        var channels = map.flatten(2);
        return channels / (channels.norm(2, true, 2) + Epsilon);
    }
}
