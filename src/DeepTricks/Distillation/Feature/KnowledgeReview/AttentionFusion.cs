using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Fuses a student's layer with what the deeper layers gave, by two attention maps, and brings it to a teacher's layer (the ABF of Chen et al.,
/// "Distilling Knowledge via Knowledge Review", 2021).
/// </summary>
/// <remarks>The names are those of mdistiller and dvlab-research/ReviewKD: <c>conv1.0</c>, <c>conv1.1</c>, <c>conv2.0</c>, <c>conv2.1</c>, <c>att_conv.0</c>.</remarks>
public sealed class AttentionFusion : nn.Module<Tensor, Tensor?, (Tensor Output, Tensor Residual)>
{
    private readonly long[] _size;
    [ComponentName(Name = "conv1")] private readonly Sequential _reduce;
    [ComponentName(Name = "conv2")] private readonly Sequential _expand;
    [ComponentName(Name = "att_conv")] private readonly Sequential? _attention;

    internal AttentionFusion(long input, long middle, IReadOnlyList<long> teacherShape, bool fuses, Generator? generator)
        : base(nameof(AttentionFusion))
    {
        _size = [teacherShape[2], teacherShape[3]];
        _reduce = nn.Sequential(("0", Convolution(input, middle, 1)), ("1", nn.BatchNorm2d(middle)));
        _expand = nn.Sequential(("0", Convolution(middle, teacherShape[1], 3)), ("1", nn.BatchNorm2d(teacherShape[1])));
        _attention = fuses ? nn.Sequential(("0", ConnectorLayers.Convolution(2 * middle, 2, 1, generator: generator)), ("1", nn.Sigmoid())) : null;
        RegisterComponents();

        Conv2d Convolution(long from, long to, long kernel)
        {
            var layer = nn.Conv2d(from, to, kernel, padding: kernel / 2, bias: false);
            Layers.KaimingUniform(layer, generator);
            return layer;
        }
    }

    /// <summary>Fuses.</summary>
    /// <param name="input">The student's maps [N, C, H, W].</param>
    /// <param name="residual">What the next deeper fusion gave, [N, M, h, w]; null for the deepest layer.</param>
    /// <returns>The maps for the teacher's layer, and what the next shallower fusion is given, both of the teacher's height and width.</returns>
    public override (Tensor Output, Tensor Residual) forward(Tensor input, Tensor? residual)
    {
        FeatureChecks.Map(input, nameof(input));
        if (residual is null != _attention is null)
        {
            throw new ArgumentException(_attention is null ? "The deepest layer has nothing to be fused with." : "Expected what the deeper fusion gave.", nameof(residual));
        }

        using var scope = NewDisposeScope();
        var own = _reduce.call(input);
        if (_attention is not null)
        {
            var deeper = Resized(residual!, input.shape[2..]);
            var attention = _attention.call(cat([own, deeper], 1));
            own = (own * attention.narrow(1, 0, 1)) + (deeper * attention.narrow(1, 1, 1));
        }

        own = Resized(own, _size);
        return (_expand.call(own).MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    private static Tensor Resized(Tensor map, long[] size) =>
        map.shape[2] == size[0] && map.shape[3] == size[1] ? map : nn.functional.interpolate(map, size, mode: InterpolationMode.Nearest);
}
