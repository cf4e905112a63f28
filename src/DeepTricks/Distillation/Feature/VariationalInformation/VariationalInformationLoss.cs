using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Raises a lower bound of the information that a student's layer has of a teacher's: the negative logarithm of a Gaussian whose mean three 1 × 1 convolutions
/// read from the student, and whose variance is learned for each of the teacher's channels (Ahn et al., "Variational Information Distillation for
/// Knowledge Transfer", 2019).
/// </summary>
/// <remarks>
/// The regressor and the variances learn with the student: they belong into the optimiser. (mdistiller keeps the variances where its optimiser does not see them, and
/// they stay what they were.) The loss of equal features is not 0, and it may be negative. The names in the state dict are RepDistiller's: <c>log_scale</c>,
/// <c>regressor.0.weight</c>, <c>regressor.2.weight</c>, <c>regressor.4.weight</c>. The larger of two maps is averaged to the size of the smaller.
/// </remarks>
public sealed class VariationalInformationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "log_scale")] private readonly Parameter _logScale;
    [ComponentName(Name = "regressor")] private readonly Sequential _regressor;
    private readonly double _epsilon;
    private readonly long _studentChannels;

    /// <summary>Makes the loss with its regressor.</summary>
    /// <param name="studentChannels">The channels of the student's maps.</param>
    /// <param name="teacherChannels">The channels of the teacher's maps.</param>
    /// <param name="options">Regressor and beginning; <see cref="VariationalInformationLossOptions.RepDistiller"/> where null.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    /// <exception cref="ArgumentException">The initial variance is not above the least one.</exception>
    public VariationalInformationLoss(long studentChannels, long teacherChannels, VariationalInformationLossOptions? options = null, Generator? generator = null)
        : base(nameof(VariationalInformationLoss))
    {
        FeatureChecks.Count(studentChannels, nameof(studentChannels));
        FeatureChecks.Count(teacherChannels, nameof(teacherChannels));
        options ??= VariationalInformationLossOptions.RepDistiller;
        if (options.InitialVariance <= options.Epsilon)
        {
            throw new ArgumentException($"Expected an initial variance above the least one, {options.Epsilon}; it is {options.InitialVariance}.", nameof(options));
        }

        (_studentChannels, _epsilon) = (studentChannels, options.Epsilon);
        var hidden = options.HiddenChannels ?? teacherChannels;
        _logScale = new(full(teacherChannels, Math.Log(Math.Exp(options.InitialVariance - options.Epsilon) - 1), ScalarType.Float32));
        _regressor = nn.Sequential(
            ("0", Convolution(studentChannels, hidden)), ("1", nn.ReLU()), ("2", Convolution(hidden, hidden)), ("3", nn.ReLU()), ("4", Convolution(hidden, teacherChannels)));
        RegisterComponents();

        Conv2d Convolution(long input, long output)
        {
            var layer = nn.Conv2d(input, output, 1, bias: false);
            if (options.KaimingFanOut)
            {
                Layers.KaimingNormal(layer, nn.init.FanInOut.FanOut, generator);
            }
            else
            {
                Layers.Uniform(layer, generator);
            }

            return layer;
        }
    }

    /// <summary>The variance of each of the teacher's channels as it is now, [C'].</summary>
    public Tensor Variance
    {
        get
        {
            using var scope = NewDisposeScope();
            return (nn.functional.softplus(_logScale) + _epsilon).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of the type and on the device of the weights.</param>
    /// <param name="teacher">Maps [N, C', H', W'] of the same type and on the same device; a constant.</param>
    /// <returns>A scalar, averaged over all elements, without the constant ½ log 2π.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: false);
        FeatureChecks.On(student, _logScale, nameof(student));
        if (student.shape[1] != _studentChannels || teacher.shape[1] != _logScale.shape[0])
        {
            throw new ArgumentException(
                $"Expected {_studentChannels} channels of the student and {_logScale.shape[0]} of the teacher; the shapes are {student.ShapeText()} and {teacher.ShapeText()}.",
                nameof(student));
        }

        using var scope = NewDisposeScope();
        var (s, t) = FeaturePair.SameSize(student, teacher.detach());
        var variance = Variance.view(1, -1, 1, 1);
        return (((_regressor.call(s) - t).square() / variance + variance.log()) * 0.5).mean().MoveToOuterDisposeScope();
    }
}
