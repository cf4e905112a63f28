using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// CRD: what the student makes of a sample shall be found among many by what the teacher makes of the same sample, and the other way round
/// (Tian, Krishnan and Isola, "Contrastive Representation Distillation", ICLR 2020).
/// </summary>
/// <remarks>
/// <para>
/// Both networks' features are embedded as vectors of the length 1. Two memories hold a vector for each sample of the dataset, K of which are a sample's negatives; noise-contrastive
/// estimation tells the sample's own from them. As RepDistiller's <c>CRDLoss</c>, to rounding, for the same negatives: forward, gradients and memories, with its state-dict
/// names. The heads' parameters are to be trained with the student; the teacher's features get no gradient. A weight of 0.8 is usual.
/// </para>
/// <para>
/// The memories and the constants of the first batch are buffers, so that a checkpoint holds all that is remembered. In evaluation mode nothing is remembered.
/// Where a sample stands in a batch twice, one of the two is remembered. On the CPU in single precision a kernel reads the chosen rows once for loss and
/// gradient; elsewhere the memories are copied and the batch's products with all of them made, [B, samples].
/// </para>
/// </remarks>
public sealed class ContrastiveDistillationLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly ContrastiveDistillationLossOptions _options;
    private readonly ContrastSampler _sampler;
    private readonly Generator _generator;
    [ComponentName(Name = "embed_s")]
    private readonly EmbeddingHead _student;

    [ComponentName(Name = "embed_t")]
    private readonly EmbeddingHead _teacher;

    [ComponentName(Name = "contrast")]
    private readonly ContrastMemory _memory;

    /// <summary>Makes the loss with new heads and memories.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="generator">
    /// What the heads, the memories and the negatives of <see cref="forward"/> are drawn from, a generator of the CPU. Its state is not part of the state dict: for a run that
    /// can be resumed take <see cref="Term"/>, or <see cref="Compute"/> with negatives that are drawn by step.
    /// </param>
    public ContrastiveDistillationLoss(ContrastiveDistillationLossOptions options, Generator generator)
        : base(nameof(ContrastiveDistillationLoss))
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(generator);
        (_options, _generator) = (options, generator);
        _sampler = options.Sampler ?? ContrastSampler.Uniform(options.Samples);
        if (_sampler.Samples != options.Samples)
        {
            throw new ArgumentException($"The sampler is for {_sampler.Samples} samples, and there are {options.Samples}.", nameof(options));
        }

        _student = new(options.StudentFeatures, options.Dimension, generator);
        _teacher = new(options.TeacherFeatures, options.Dimension, generator);
        _memory = new(options, generator);
        RegisterComponents();
    }

    /// <summary>The loss of a batch whose negatives are drawn.</summary>
    /// <param name="student">[B, …], features of the student.</param>
    /// <param name="teacher">[B, …], features of the teacher; get no gradient.</param>
    /// <param name="indices">[B], int64: the index of each sample in its dataset.</param>
    /// <returns>A scalar, the mean over the batch of both sides' sum.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or an index is no sample.</exception>
    public override Tensor forward(Tensor student, Tensor teacher, Tensor indices)
    {
        CheckIndices(indices, student, nameof(indices), [Batch(student)]);
        using var host = indices.cpu();
        using var drawn = _sampler.Draw(host.Values<long>(), _options.Negatives, _generator);
        using var placed = drawn.to(indices.device);
        return Compute(student, teacher, indices, placed);
    }

    /// <summary>The loss of a batch with given negatives, such as <see cref="ContrastSampler.Draw(ReadOnlySpan{long}, int, long, long)"/> gives.</summary>
    /// <param name="student">[B, …], features of the student.</param>
    /// <param name="teacher">[B, …], features of the teacher; get no gradient.</param>
    /// <param name="indices">[B], int64: the index of each sample in its dataset, whose vectors are remembered.</param>
    /// <param name="contrasted">[B, 1 + K], int64: in each row the index of the positive, the sample itself as a rule, then those of its negatives.</param>
    /// <returns>A scalar, the mean over the batch of both sides' sum.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or an index is no sample.</exception>
    public Tensor Compute(Tensor student, Tensor teacher, Tensor indices, Tensor contrasted)
    {
        Check(student, teacher, indices, contrasted);
        using var scope = NewDisposeScope();
        var (own, other) = (_student.call(student), _teacher.call(teacher.detach()));
        var call = new ContrastCall(_memory.Student, _memory.Teacher, contrasted, indices, _options.Temperature);
        var kernel = ContrastFunction.Takes(call, own);
        _memory.Normalize(() => kernel ? ContrastFunction.Means(call, own, other) : call.Means(own, other));
        var loss = kernel ? ContrastFunction.Of(call, own, other, _memory.Constants()) : call.Kept().InTensors(own, other, _memory.Constants());
        if (training)
        {
            _memory.Update(indices, own, other);
        }

        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The loss as a term, whose negatives depend on the seed, the step and the sample alone: a resumed run draws the same.</summary>
    /// <param name="student">The place of the student's features, the input of the classifier as a rule.</param>
    /// <param name="teacher">The place of the teacher's features.</param>
    /// <param name="seed">What the negatives are drawn from.</param>
    /// <param name="weight">The weight over time; 0.8 where null, as in RepDistiller.</param>
    /// <param name="name">The name under which the term is logged.</param>
    /// <remarks>The lessons need the samples' indices; in the Trainer batches have them.</remarks>
    public TransferTerm Term(Tap student, Tap teacher, long seed, Schedule? weight = null, string name = "crd")
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        return TransferTerm.Of(name, Loss, [student], [teacher], [this], weight ?? 0.8);

        Tensor Loss(Trace taught, Trace teaching, Lesson lesson)
        {
            using var scope = NewDisposeScope();
            var indices = lesson.IndicesFor($"The term \"{name}\"");
            var features = taught[student];
            var drawn = _sampler.Draw(indices.Span, _options.Negatives, seed, lesson.Time.Step).to(features.device);
            return Compute(features, teaching[teacher], tensor(indices.ToArray()).to(features.device), drawn).MoveToOuterDisposeScope();
        }
    }

    private static long Batch(Tensor student) => student is { } && student.dim() > 0 ? student.shape[0] : 0;

    private void Check(Tensor student, Tensor teacher, Tensor indices, Tensor contrasted)
    {
        CheckFeatures(student, _student.Features, nameof(student));
        CheckFeatures(teacher, _teacher.Features, nameof(teacher));
        if (teacher.shape[0] != student.shape[0])
        {
            throw new ArgumentException($"Expected as many samples as the student's {student.shape[0]}; there are {teacher.shape[0]}.", nameof(teacher));
        }

        CheckIndices(indices, student, nameof(indices), [student.shape[0]]);
        ArgumentNullException.ThrowIfNull(contrasted);
        CheckIndices(contrasted, student, nameof(contrasted), [student.shape[0], contrasted.dim() == 2 ? Math.Max(2, contrasted.shape[1]) : 2]);
    }

    private void CheckFeatures(Tensor features, long size, string name)
    {
        ArgumentNullException.ThrowIfNull(features, name);
        if (features.dim() < 2 || features.shape[0] == 0 || features.numel() / features.shape[0] != size)
        {
            throw new ArgumentException($"Expected features of shape [B, ...] with {size} numbers for each sample; the shape is {features.ShapeText()}.", name);
        }

        if (features.dtype != _memory.Student.dtype)
        {
            throw new ArgumentException($"Expected features of the memories' type {_memory.Student.dtype}; the type is {features.dtype}.", name);
        }

        LogitChecks.SameDevice(_memory.Student, features, name);
    }

    private void CheckIndices(Tensor indices, Tensor student, string name, long[] shape)
    {
        ArgumentNullException.ThrowIfNull(indices, name);
        if (indices.dtype != ScalarType.Int64 || !indices.shape.SequenceEqual(shape))
        {
            throw new ArgumentException($"Expected indices of shape {shape.ShapeText()} and type Int64; they are {indices.ShapeText()} of {indices.dtype}.", name);
        }

        LogitChecks.SameDevice(student, indices, name);
        if (!indices.is_cpu())
        {
            return;
        }

        using var contiguous = indices.contiguous();
        foreach (var index in MemoryMarshal.Cast<byte, long>(contiguous.bytes))
        {
            if ((ulong)index >= (ulong)_options.Samples)
            {
                throw new ArgumentException($"Index {index} is none of {_options.Samples} samples.", name);
            }
        }
    }
}
