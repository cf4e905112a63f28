using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The regressor of hints of RepDistiller and mdistiller (their ConvReg): a convolution that changes channels and size at once, a normalisation, and a ReLU. Half the size comes from
/// 3 × 3 taps with the stride 2, twice the size from transposed 4 × 4 taps, anything smaller from as many taps as it takes.
/// </summary>
/// <remarks>The names are theirs: <c>conv</c> and <c>bn</c>. Height and width must both be halved, both be doubled, or neither grow.</remarks>
public sealed class ConvolutionalRegressor : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv")] private readonly nn.Module<Tensor, Tensor> _convolution;
    [ComponentName(Name = "bn")] private readonly BatchNorm2d _norm;
    private readonly bool _relu;

    /// <summary>Makes the regressor.</summary>
    /// <param name="studentShape">The shape [N, C, H, W] of the student's maps.</param>
    /// <param name="teacherShape">The shape of the teacher's maps.</param>
    /// <param name="relu">Whether the ReLU comes last, as it does for hints after an activation.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <exception cref="ArgumentException">A shape is no map's, or there is no such convolution between them.</exception>
    public ConvolutionalRegressor(IReadOnlyList<long> studentShape, IReadOnlyList<long> teacherShape, bool relu = true, Generator? generator = null)
        : base(nameof(ConvolutionalRegressor))
    {
        ConnectorShape.Map(studentShape, nameof(studentShape));
        ConnectorShape.Map(teacherShape, nameof(teacherShape));
        var (from, to) = (studentShape[1], teacherShape[1]);
        var (height, width, wantedHeight, wantedWidth) = (studentShape[2], studentShape[3], teacherShape[2], teacherShape[3]);
        _convolution = (height == 2 * wantedHeight && width == 2 * wantedWidth) ? ConnectorLayers.Drawn(nn.Conv2d(from, to, 3, 2, 1), generator)
            : (2 * height == wantedHeight && 2 * width == wantedWidth) ? ConnectorLayers.Transposed(from, to, 4, 2, 1, generator)
            : height >= wantedHeight && width >= wantedWidth ? ConnectorLayers.Drawn(nn.Conv2d(from, to, (1 + height - wantedHeight, 1 + width - wantedWidth)), generator)
            : throw new ArgumentException(
                $"There is no regressor from {studentShape.ShapeText()} to {teacherShape.ShapeText()}: sizes that grow must double. A projection resizes to any.", nameof(teacherShape));
        _norm = nn.BatchNorm2d(to);
        _relu = relu;
        RegisterComponents();
    }

    /// <summary>Whether there is a regressor between two shapes of maps.</summary>
    internal static bool Knows(ConnectorShape student, ConnectorShape teacher) =>
        student.Rank == 4 && teacher.Rank == 4
            && ((student.Height >= teacher.Height && student.Width >= teacher.Width) || (2 * student.Height == teacher.Height && 2 * student.Width == teacher.Width));

    /// <summary>Brings the student's maps to the teacher's shape.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, C', H', W'].</returns>
    public override Tensor forward(Tensor input)
    {
        FeatureChecks.Map(input, nameof(input));
        using var scope = NewDisposeScope();
        var output = _norm.call(_convolution.call(input));
        return (_relu ? output.relu() : output).MoveToOuterDisposeScope();
    }
}
