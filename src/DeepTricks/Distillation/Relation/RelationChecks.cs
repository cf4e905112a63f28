using System.Runtime.CompilerServices;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The arguments that losses over relations share, checked before libtorch sees them.</summary>
internal static class RelationChecks
{
    /// <summary>Makes sure that student and teacher saw the same samples.</summary>
    /// <param name="student">[B, ...], of a floating type.</param>
    /// <param name="teacher">[B, ...], of the same type, on the same device.</param>
    /// <param name="dimensions">How many dimensions both have; 0 for two or more.</param>
    public static void Check(Tensor student, Tensor teacher, int dimensions = 0)
    {
        CheckOne(student, dimensions, nameof(student));
        CheckOne(teacher, dimensions, nameof(teacher));
        if (teacher.shape[0] != student.shape[0])
        {
            throw new ArgumentException(
                $"Expected a teacher's features of the student's {student.shape[0]} samples; the shape is {teacher.ShapeText()}.", nameof(teacher));
        }

        if (teacher.dtype != student.dtype)
        {
            throw new ArgumentException($"Expected a teacher's features of type {student.dtype}, which the student's have; the type is {teacher.dtype}.", nameof(teacher));
        }

        if (!teacher.SharesDeviceWith(student))
        {
            throw new ArgumentException($"Expected a teacher's features on {student.device}, where the student's are; they are on {teacher.device}.", nameof(teacher));
        }
    }

    /// <summary>Makes sure that there is a teacher's layer for each of the student's.</summary>
    public static void Check(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher, int least, int dimensions = 0)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        if (student.Count < least)
        {
            throw new ArgumentException($"Expected at least {least} layers in order; there are {student.Count}.", nameof(student));
        }

        if (teacher.Count != student.Count)
        {
            throw new ArgumentException($"Expected as many layers of the teacher as of the student, {student.Count}; there are {teacher.Count}.", nameof(teacher));
        }

        for (var i = 0; i < student.Count; i++)
        {
            Check(student[i], teacher[i], dimensions);
            if (student[i].shape[0] != student[0].shape[0])
            {
                throw new ArgumentException($"Expected {student[0].shape[0]} samples in each layer; layer {i} has the shape {student[i].ShapeText()}.", nameof(student));
            }
        }
    }

    /// <summary>Makes sure that two sizes are one.</summary>
    public static void CheckSame(string what, Tensor student, Tensor teacher, int dimension)
    {
        if (student.shape[dimension] != teacher.shape[dimension])
        {
            throw new ArgumentException(
                $"Expected as many {what} of the teacher as of the student, {student.shape[dimension]}: the shape is {teacher.ShapeText()}; a connector brings one to the other.",
                nameof(teacher));
        }
    }

    /// <summary>Makes sure of one network's features; 0 dimensions for two or more.</summary>
    public static void CheckOne(Tensor features, int dimensions, [CallerArgumentExpression(nameof(features))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(features, name);
        if (dimensions == 0 ? features.dim() < 2 : features.dim() != dimensions)
        {
            var expected = dimensions switch { 0 => "[B, ...]", 2 => "[B, D]", 3 => "[B, C, P]", _ => "[B, C, H, W]" };
            throw new ArgumentException($"Expected features of shape {expected}; the shape is {features.ShapeText()}.", name);
        }

        if (features.numel() == 0)
        {
            throw new ArgumentException($"Expected at least one sample with at least one feature; the shape is {features.ShapeText()}.", name);
        }

        if (!features.is_floating_point())
        {
            throw new ArgumentException($"Expected features of a floating type; the type is {features.dtype}.", name);
        }
    }
}
