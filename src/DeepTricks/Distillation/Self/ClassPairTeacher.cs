using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Class-wise self-distillation (CS-KD): what the student itself says, in this moment, of another sample of the same class
/// (Yun, Park, Lee and Shin, "Regularizing Class-Wise Predictions via Self-Knowledge Distillation", CVPR 2020; code: alinlab/cs-kd). With
/// <see cref="KnowledgeDistillationLoss"/>, T = 4 and weight 1 as in the code.
/// </summary>
/// <remarks>
/// The student runs on the partners without gradients and in the mode it is in, so that its normalisations see them, too, as in the code. It needs the indices of the lesson's samples; the partners
/// depend on the seed, the epoch and the sample alone (<see cref="ClassPairs"/>).
/// </remarks>
public sealed class ClassPairTeacher : Teacher
{
    private readonly nn.Module<Tensor, Tensor> _student;
    private readonly InMemoryDataset _data;
    private readonly ClassPairs _pairs;
    private readonly Func<Tensor, Tensor>? _prepare;

    /// <summary>Makes a teacher.</summary>
    /// <param name="student">The network in training; it stays the caller's.</param>
    /// <param name="data">The training data, with labels [N]; it stays the caller's.</param>
    /// <param name="seed">Decides on the partners.</param>
    /// <param name="prepare">What is done to the partners' inputs before the student sees them, as to the samples themselves; nothing where null.</param>
    public ClassPairTeacher(nn.Module<Tensor, Tensor> student, InMemoryDataset data, long seed, Func<Tensor, Tensor>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(data);
        (_student, _data, _prepare) = (student, data, prepare);
        _pairs = new(data.Targets ?? throw new ArgumentException("The data has no labels.", nameof(data)), seed);
    }

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        if (taps.FirstOrDefault(tap => tap != Tap.Output) is { } other)
            throw new ArgumentException($"The partners teach by the student's output alone, not by the {other}.", nameof(taps));
    }

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        var indices = lesson.IndicesFor(nameof(ClassPairTeacher));
        var epoch = lesson.Time.StepsPerEpoch == 0 ? 0 : (int)(lesson.Time.Step / lesson.Time.StepsPerEpoch);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var rows = tensor(_pairs.Partners(indices.Span, epoch), device: _data.Inputs.device);
        var inputs = _data.Inputs.index_select(0, rows).to(lesson.Input.device);
        return new(_student.call(_prepare?.Invoke(inputs) ?? inputs).MoveToOuterDisposeScope());
    }
}
