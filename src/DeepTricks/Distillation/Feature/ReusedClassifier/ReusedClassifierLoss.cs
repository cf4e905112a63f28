using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Brings a student's last features to a teacher's by a bottleneck of three convolutions, with the mean square alone, so that the teacher's own classifier can be put on top of them
/// (SimKD: Chen et al., "Knowledge Distillation with the Reused Teacher Classifier", 2022). No labels and no other term are needed.
/// </summary>
/// <remarks>
/// The bottleneck learns with the student, and is a part of it from then on: <see cref="Predict"/> is the student's answer. Where the student's maps are larger, they are averaged
/// to the teacher's size. The names are those of DefangChen/SimKD: <c>transfer.0</c> to <c>transfer.7</c>.
/// </remarks>
public sealed class ReusedClassifierLoss : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>The bottleneck's channels are the teacher's by this number, as the authors have it.</summary>
    public const long DefaultFactor = 2;

    private readonly IReadOnlyList<long> _studentShape, _teacherShape;
    [ComponentName(Name = "transfer")] private readonly Sequential _transfer;

    /// <summary>Makes the loss with its bottleneck.</summary>
    /// <param name="studentShape">The shape [N, C, H, W] of the student's last maps, before pooling.</param>
    /// <param name="teacherShape">The shape of the teacher's.</param>
    /// <param name="factor">The bottleneck's channels are the teacher's by this; 2 by default.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <exception cref="ArgumentException">A shape is no map's, or the bottleneck would have no channel.</exception>
    public ReusedClassifierLoss(IReadOnlyList<long> studentShape, IReadOnlyList<long> teacherShape, long factor = DefaultFactor, Generator? generator = null)
        : base(nameof(ReusedClassifierLoss))
    {
        (_studentShape, _teacherShape) = (ConnectorShape.Map(studentShape, nameof(studentShape)), ConnectorShape.Map(teacherShape, nameof(teacherShape)));
        var (from, to) = (studentShape[1], teacherShape[1]);
        var middle = to / FeatureChecks.Count(factor, nameof(factor));
        if (middle < 1)
        {
            throw new ArgumentException($"Expected a bottleneck of at least one channel; {to} by {factor} is less.", nameof(factor));
        }

        _transfer = nn.Sequential(
            ("0", ConnectorLayers.Convolution(from, middle, 1, bias: false, generator: generator)), ("1", nn.BatchNorm2d(middle)), ("2", nn.ReLU()),
            ("3", ConnectorLayers.Convolution(middle, middle, 3, padding: 1, bias: false, generator: generator)), ("4", nn.BatchNorm2d(middle)), ("5", nn.ReLU()),
            ("6", ConnectorLayers.Convolution(middle, to, 1, bias: false, generator: generator)), ("7", nn.BatchNorm2d(to)), ("8", nn.ReLU()));
        RegisterComponents();
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">The student's last maps.</param>
    /// <param name="teacher">The teacher's; a constant. They are averaged to the student's size where they are larger.</param>
    /// <returns>A scalar, averaged over all elements.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: false);
        Check(student, _studentShape, nameof(student));
        Check(teacher, _teacherShape, nameof(teacher));
        using var scope = NewDisposeScope();
        var (s, t) = FeaturePair.SameSize(student, teacher.detach());
        return nn.functional.mse_loss(_transfer.call(s), t).MoveToOuterDisposeScope();
    }

    /// <summary>The student's logits: its features through the bottleneck, pooled, and classified by the teacher's last layer.</summary>
    /// <param name="student">The student's last maps.</param>
    /// <param name="classifier">The teacher's last layer, from [N, C'] to [N, K].</param>
    /// <returns>[N, K].</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public Tensor Predict(Tensor student, nn.Module<Tensor, Tensor> classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        Check(student, _studentShape, nameof(student));
        using var scope = NewDisposeScope();
        long[] size = [Math.Min(student.shape[2], _teacherShape[2]), Math.Min(student.shape[3], _teacherShape[3])];
        var sized = student.shape[2] == size[0] && student.shape[3] == size[1] ? student : nn.functional.adaptive_avg_pool2d(student, size);
        return classifier.call(_transfer.call(sized).mean([2, 3])).MoveToOuterDisposeScope();
    }

    private static void Check(Tensor map, IReadOnlyList<long> shape, string parameter)
    {
        FeatureChecks.Map(map, parameter);
        if (!map.shape[1..].SequenceEqual(shape.Skip(1)))
        {
            throw new ArgumentException($"Expected maps of shape [N, {string.Join(", ", shape.Skip(1))}]; the shape is {map.ShapeText()}.", parameter);
        }
    }
}
