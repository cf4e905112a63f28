using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Hides a part of a student's map at random and lets two convolutions rebuild the teacher's whole map from the rest (Yang et al., "Masked Generative Distillation", 2022), as
/// mmrazor has it: the sum of the squares over a sample. The weight there is 2e-5.
/// </summary>
/// <remarks>The convolutions learn with the student. The names are mmrazor's: <c>align</c>, where the channels differ, <c>generation.0</c> and <c>generation.2</c>.</remarks>
public sealed class MaskedGenerationLoss : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "align")] private readonly Conv2d? _align;
    [ComponentName(Name = "generation")] private readonly Sequential _generation;
    private readonly MaskedGenerationLossOptions _options;
    private readonly Generator _generator;

    /// <summary>Makes the loss with its convolutions.</summary>
    /// <param name="studentChannels">The channels of the student's maps.</param>
    /// <param name="teacherChannels">The channels of the teacher's maps.</param>
    /// <param name="generator">Draws the weights, and then the masks; it is the caller's.</param>
    /// <param name="options">What is hidden; the defaults where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    public MaskedGenerationLoss(long studentChannels, long teacherChannels, Generator generator, MaskedGenerationLossOptions? options = null)
        : base(nameof(MaskedGenerationLoss))
    {
        ArgumentNullException.ThrowIfNull(generator);
        FeatureChecks.Count(studentChannels, nameof(studentChannels));
        FeatureChecks.Count(teacherChannels, nameof(teacherChannels));
        (_options, _generator) = (options ?? new(), generator);
        _align = studentChannels == teacherChannels ? null : ConnectorLayers.Convolution(studentChannels, teacherChannels, 1, generator: generator);
        _generation = nn.Sequential(
            ("0", ConnectorLayers.Convolution(teacherChannels, teacherChannels, 3, padding: 1, generator: generator)), ("1", nn.ReLU()),
            ("2", ConnectorLayers.Convolution(teacherChannels, teacherChannels, 3, padding: 1, generator: generator)));
        RegisterComponents();
    }

    /// <summary>The loss of a batch, with masks of its own.</summary>
    /// <param name="student">Maps [N, C, H, W].</param>
    /// <param name="teacher">Maps [N, C', H, W]; a constant.</param>
    /// <returns>A scalar: the sum over a sample, averaged over the samples.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: false);
        using var scope = NewDisposeScope();
        var channels = teacher.shape[1];
        long[] shape = _options.MaskChannels ? [student.shape[0], channels, 1, 1] : [student.shape[0], 1, student.shape[2], student.shape[3]];
        // Generators are of the CPU.
        var drawn = rand(shape, dtype: ScalarType.Float32, generator: _generator);
        return Compute(student, teacher, drawn.le(1 - _options.MaskRatio)).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of a batch with masks that are given.</summary>
    /// <param name="student">Maps [N, C, H, W].</param>
    /// <param name="teacher">Maps [N, C', H, W]; a constant.</param>
    /// <param name="visible">What is not hidden, bool, of a shape that can be broadcast to the teacher's.</param>
    /// <returns>A scalar: the sum over a sample, averaged over the samples.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public Tensor Compute(Tensor student, Tensor teacher, Tensor visible)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: false);
        ArgumentNullException.ThrowIfNull(visible);
        if (!student.shape[2..].SequenceEqual(teacher.shape[2..]))
        {
            throw new ArgumentException($"Expected maps of the student's size; the shape is {teacher.ShapeText()}.", nameof(teacher));
        }

        using var scope = NewDisposeScope();
        var aligned = _align?.call(student) ?? student;
        var whole = _generation.call(aligned * visible.to(aligned.dtype, aligned.device));
        return ((whole - teacher.detach()).square().sum() / student.shape[0]).MoveToOuterDisposeScope();
    }
}
