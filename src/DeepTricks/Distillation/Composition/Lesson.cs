using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What a teacher and a term know of one pass of the student.</summary>
/// <param name="Input">The student's input, samples along the first dimension.</param>
/// <param name="Labels">The labels as the data has them; null where it has none.</param>
/// <param name="Indices">The index of each sample in its dataset, in the order of the rows; empty where nobody said them.</param>
/// <param name="Time">The moment of training.</param>
/// <param name="Student">What the student's pass left.</param>
public sealed record Lesson(Tensor Input, Tensor? Labels, ReadOnlyMemory<long> Indices, TrainingTime Time, Trace Student)
{
    internal Tensor LabelsFor(string who) => Labels ?? throw new InvalidOperationException($"{who} needs labels, and the lesson has none.");

    internal ReadOnlyMemory<long> IndicesFor(string who) => Indices.Length == Input.shape[0]
        ? Indices
        : throw new InvalidOperationException($"{who} needs the index of each of the {Input.shape[0]} samples; the lesson has {Indices.Length}.");
}
