using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The vectors of all samples of a dataset as they were last seen, the student's and the teacher's, and the constants that make probabilities of their products. All are
/// buffers with the names of RepDistiller's <c>ContrastMemory</c>.
/// </summary>
internal sealed class ContrastMemory : nn.Module
{
    // Of the buffer that RepDistiller calls params: K, τ, the student's constant, the teacher's (negative until the first batch), the momentum.
    private const int StudentConstant = 2, TeacherConstant = 3;
    private readonly double _momentum;

    // Not readonly: a move to another device or type exchanges them.
#pragma warning disable IDE0044
    [ComponentName(Name = "params")]
    private Tensor _settings;

    [ComponentName(Name = "memory_v1")]
    private Tensor _student;

    [ComponentName(Name = "memory_v2")]
    private Tensor _teacher;
#pragma warning restore IDE0044

    public ContrastMemory(ContrastiveDistillationLossOptions options, Generator? generator)
        : base(nameof(ContrastMemory))
    {
        _momentum = options.Momentum;
        _settings = tensor(new[] { options.Negatives, (float)options.Temperature, -1, -1, (float)options.Momentum }).DetachFromDisposeScope();
        var bound = 1 / Math.Sqrt(options.Dimension / 3.0);
        _student = empty(options.Samples, options.Dimension).DetachFromDisposeScope();
        _teacher = empty(options.Samples, options.Dimension).DetachFromDisposeScope();
        Layers.Uniform(_student, bound, generator);
        Layers.Uniform(_teacher, bound, generator);
        RegisterComponents();
    }

    /// <summary>The student's vectors, [samples, dimension].</summary>
    public Tensor Student => _student;

    /// <summary>The teacher's vectors, [samples, dimension].</summary>
    public Tensor Teacher => _teacher;

    /// <summary>Takes the constants of the first batch where there are none: the means of the exponentials times the samples, [2] of the student and the teacher.</summary>
    public void Normalize(Func<Tensor> means)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var constants = _settings.narrow(0, StudentConstant, 2);
        // On another device the mean is computed in each step, which costs less than to wait for the answer.
        if (!constants.is_cpu() || constants.lt(0).any().item<bool>())
        {
            constants.copy_(where(constants.lt(0), means().to(constants.dtype) * _student.shape[0], constants));
        }
    }

    /// <summary>The constants of the student's products with the teacher's memory and of the teacher's with the student's, [1] each, in the caller's dispose scope.</summary>
    public (Tensor Student, Tensor Teacher) Constants() => (_settings.narrow(0, StudentConstant, 1).clone(), _settings.narrow(0, TeacherConstant, 1).clone());

    /// <summary>Moves the samples' vectors towards those of a batch, [B, dimension] each.</summary>
    public void Update(Tensor indices, Tensor student, Tensor teacher)
    {
        using var ungraded = no_grad();
        Move(_student, student);
        Move(_teacher, teacher);

        void Move(Tensor memory, Tensor vectors)
        {
            using var scope = NewDisposeScope();
            var moved = (memory.index_select(0, indices) * _momentum) + (vectors * (1 - _momentum));
            memory.index_copy_(0, indices, moved / moved.square().sum(1, keepdim: true).sqrt());
        }
    }
}
