using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The arguments of losses of features and connectors, checked before libtorch sees them.</summary>
internal static class FeatureChecks
{
    private const int MapDimensions = 4;

    /// <summary>Two tensors of one shape.</summary>
    public static void SameShape(Tensor student, Tensor teacher)
    {
        Alike(student, teacher);
        if (!student.shape.SequenceEqual(teacher.shape))
        {
            throw new ArgumentException($"Expected the student's shape {student.ShapeText()}, to which a connector brings it; the shape is {teacher.ShapeText()}.", nameof(teacher));
        }
    }

    /// <summary>Two maps of as many samples, and of as many channels where they must be the same.</summary>
    public static void Maps(Tensor student, Tensor teacher, bool sameChannels)
    {
        Alike(student, teacher);
        Map(student, nameof(student));
        Map(teacher, nameof(teacher));
        if (student.shape[0] != teacher.shape[0] || (sameChannels && student.shape[1] != teacher.shape[1]))
        {
            throw new ArgumentException(
                $"Expected maps of as many samples{(sameChannels ? " and channels" : "")} as the student's {student.ShapeText()}; the shape is {teacher.ShapeText()}.", nameof(teacher));
        }
    }

    /// <summary>Two tensors of as many rows, of at least two dimensions.</summary>
    public static void Rows(Tensor student, Tensor teacher)
    {
        Alike(student, teacher);
        if (student.dim() < 2)
        {
            throw new ArgumentException($"Expected features of shape [N, ...]; the shape is {student.ShapeText()}.", nameof(student));
        }

        if (teacher.dim() < 2 || student.shape[0] != teacher.shape[0])
        {
            throw new ArgumentException($"Expected features of {student.shape[0]} samples, as the student's; the shape is {teacher.ShapeText()}.", nameof(teacher));
        }
    }

    /// <summary>A map [N, C, H, W] of a floating type that is not empty.</summary>
    public static void Map(Tensor map, string parameter)
    {
        Floating(map, parameter);
        if (map.dim() != MapDimensions || map.shape[1..].Contains(0))
        {
            throw new ArgumentException($"Expected maps of shape [N, C, H, W]; the shape is {map.ShapeText()}.", parameter);
        }
    }

    /// <summary>A tensor of a floating type.</summary>
    public static void Floating(Tensor tensor, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tensor, parameter);
        if (!tensor.is_floating_point())
        {
            throw new ArgumentException($"Expected features of a floating type; the type is {tensor.dtype}.", parameter);
        }
    }

    /// <summary>A tensor of the type and on the device of another.</summary>
    public static void On(Tensor tensor, Tensor other, string parameter)
    {
        if (tensor.dtype != other.dtype || !tensor.SharesDeviceWith(other))
        {
            throw new ArgumentException($"Expected {other.dtype} on {other.device}; it is {tensor.dtype} on {tensor.device}.", parameter);
        }
    }

    /// <summary>Labels [N] of logits [N, K].</summary>
    public static void Labels(Tensor logits, Tensor labels)
    {
        Floating(logits, nameof(logits));
        if (logits.dim() != 2)
        {
            throw new ArgumentException($"Expected logits of shape [N, K]; the shape is {logits.ShapeText()}.", nameof(logits));
        }

        LogitChecks.Labels(labels, logits);
    }

    /// <summary>A count of at least 1.</summary>
    public static long Count(long value, string name) => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");

    private static void Alike(Tensor student, Tensor teacher)
    {
        Floating(student, nameof(student));
        Floating(teacher, nameof(teacher));
        On(teacher, student, nameof(teacher));
    }
}
