using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The arguments of losses over classes that came one after the other.</summary>
internal static class IncrementalChecks
{
    /// <summary>Checks logits of all classes and of the old ones among them, and says how many these are.</summary>
    internal static long OldLogits(Tensor student, Tensor teacher, string name = "teacher")
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        if (student.dim() != 2 || !student.is_floating_point())
        {
            throw new ArgumentException($"Expected logits [N, K] of a floating type; the shape is {student.ShapeText()}, the type {student.dtype}.", nameof(student));
        }

        if (teacher.dim() != 2 || teacher.size(0) != student.size(0) || teacher.size(1) < 1 || teacher.size(1) > student.size(1) || teacher.dtype != student.dtype)
        {
            throw new ArgumentException(
                $"Expected logits [{student.size(0)}, 1 to {student.size(1)}] of type {student.dtype}; the shape is {teacher.ShapeText()}, the type {teacher.dtype}.", name);
        }

        LogitChecks.SameDevice(student, teacher, name);
        return teacher.size(1);
    }
}
