using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>One batch against the memories: the loss from the two networks' vectors, in tensor operations of any device and floating type.</summary>
/// <param name="StudentMemory">[samples, dimension]; the teacher's vectors are compared with it.</param>
/// <param name="TeacherMemory">[samples, dimension]; the student's vectors are compared with it.</param>
/// <param name="Contrast">[B, 1 + K], int64: the rows of the memories, the positive first.</param>
/// <param name="Indices">[B], int64: the samples' own rows.</param>
/// <param name="Temperature">τ.</param>
internal sealed record ContrastCall(Tensor StudentMemory, Tensor TeacherMemory, Tensor Contrast, Tensor Indices, double Temperature)
{
    private const double Epsilon = 1e-7;

    /// <summary>K.</summary>
    public long Negatives { get; } = Contrast.shape[1] - 1;

    /// <summary>K times the probability of a sample among all: what the negatives' share is measured with.</summary>
    public double Noise => Negatives / (double)StudentMemory.shape[0];

    /// <summary>What is added to a probability in a denominator.</summary>
    public double Floor => Noise + Epsilon;

    /// <summary>The call on copies of the memories, which may be changed before the gradient is asked for.</summary>
    public ContrastCall Kept() => this with { StudentMemory = StudentMemory.clone(), TeacherMemory = TeacherMemory.clone() };

    /// <summary>The means of the exponentials, [2] of the student's products and the teacher's.</summary>
    public Tensor Means(Tensor student, Tensor teacher) =>
        stack([Exponentials(student, TeacherMemory).mean(), Exponentials(teacher, StudentMemory).mean()]);

    /// <summary>The loss of both sides, given the constants.</summary>
    public Tensor InTensors(Tensor student, Tensor teacher, (Tensor Student, Tensor Teacher) constants) =>
        (Side(student, TeacherMemory, constants.Student) + Side(teacher, StudentMemory, constants.Teacher)).squeeze();

    private Tensor Side(Tensor vectors, Tensor memory, Tensor constant)
    {
        var p = Exponentials(vectors, memory) / constant;
        var rows = (p + Floor).log().sum(1) - p.select(1, 0).log();
        return rows.mean() - (Negatives * Math.Log(Noise));
    }

    // All products of the batch with the memory are smaller than the chosen rows of the memory would be.
    private Tensor Exponentials(Tensor vectors, Tensor memory) => (vectors.mm(memory.t()).gather(1, Contrast) / Temperature).exp();
}
