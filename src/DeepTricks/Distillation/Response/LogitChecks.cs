using System.Runtime.CompilerServices;
using DeepTricks.Kernels;
using DeepTricks.Losses;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The arguments and settings of losses over what networks answer, checked before libtorch sees them.</summary>
internal static class LogitChecks
{
    /// <summary>Two tensors of one shape, floating type and device.</summary>
    public static void Pair(Tensor student, Tensor teacher)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        if (!student.is_floating_point())
        {
            throw new ArgumentException($"Expected a tensor of a floating type; the type is {student.dtype}.", nameof(student));
        }

        Alike(student, teacher, nameof(teacher));
    }

    /// <summary>Logits of so many classes at least, [N, K] or [N, K, d1, …], twice.</summary>
    public static void Logits(Tensor student, Tensor teacher, long classes = 1)
    {
        Pair(student, teacher);
        if (student.dim() < 2 || student.shape[1] < classes)
        {
            throw new ArgumentException(
                $"Expected logits of shape [N, K] or [N, K, d1, ...] with K of at least {classes}; the shape is {student.ShapeText()}.", nameof(student));
        }
    }

    /// <summary>A class for each position of logits.</summary>
    public static void Labels(Tensor labels, Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"Expected labels of type Int64; the type is {labels.dtype}.", nameof(labels));
        }

        if (!labels.shape.SequenceEqual(SoftTargetChecks.LabelShape(logits)))
        {
            throw new ArgumentException($"Expected labels of shape {SoftTargetChecks.LabelShape(logits).ShapeText()} for logits of shape {logits.ShapeText()}; the shape is {labels.ShapeText()}.", nameof(labels));
        }

        SameDevice(logits, labels, nameof(labels));
        SoftTargetChecks.CheckRange(labels, logits.shape[1]);
    }

    /// <summary>A tensor of the shape, the type and the device of another.</summary>
    public static void Alike(Tensor expected, Tensor actual, string name)
    {
        if (!actual.shape.AsSpan().SequenceEqual(expected.shape))
        {
            throw new ArgumentException($"Expected the student's shape {expected.ShapeText()}; the shape is {actual.ShapeText()}.", name);
        }

        if (actual.dtype != expected.dtype)
        {
            throw new ArgumentException($"Expected the student's type {expected.dtype}; the type is {actual.dtype}.", name);
        }

        SameDevice(expected, actual, name);
    }

    /// <summary>A tensor on the device of another.</summary>
    public static void SameDevice(Tensor expected, Tensor actual, string name)
    {
        if (!actual.SharesDeviceWith(expected))
        {
            throw new ArgumentException($"Expected a tensor on {expected.device}; it is on {actual.device}.", name);
        }
    }

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number above 0.");

    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number of at least 0.");

    public static double Probability(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a probability between 0 and 1.");

    public static T Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"Expected one of {string.Join(", ", Enum.GetNames<T>())}.");
}
