using DeepTricks.Data;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Born-again networks' control DKPP: KL(permuted teacher ‖ student), where the teacher's probabilities but the highest are dealt out anew among the other classes, which leaves how sure it is
/// and takes away what it finds similar (Furlanello et al., "Born-Again Neural Networks", ICML 2018).
/// </summary>
/// <remarks>The permutations are a function of the seed and of the number of batches so far, which a checkpoint of the state dict holds.</remarks>
public sealed class PermutedKnowledgeLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private static readonly KnowledgeDistillationLossOptions Unsoftened = new() { Temperature = 1 };
    private readonly long _seed;
    [ComponentName(Name = "batches")]
    private readonly Tensor _batches;

    /// <summary>Makes the loss.</summary>
    /// <param name="seed">Any number.</param>
    public PermutedKnowledgeLoss(long seed)
        : base(nameof(PermutedKnowledgeLoss))
    {
        _seed = seed;
        _batches = zeros(1, ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>The loss of a batch, with permutations of its own.</summary>
    /// <param name="student">Logits [N, C].</param>
    /// <param name="teacher">Logits [N, C]; get no gradient.</param>
    /// <returns>A scalar, the mean over the samples.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        LogitChecks.Logits(student, teacher);
        using var scope = NewDisposeScope();
        using var generator = new Generator(new SampleRandom(_seed, 0, _batches.item<long>()).NextUInt64());
        var keys = rand(teacher.shape, ScalarType.Float64, generator: generator).to(teacher.device);
        using (no_grad()) _batches.add_(1);
        return Compute(student, teacher, keys).MoveToOuterDisposeScope();
    }

    /// <summary>The same with given keys in [0, 1), [N, C]: the class with the i-th highest key gets the teacher's i-th highest probability; the highest stays where it is.</summary>
    internal static Tensor Compute(Tensor student, Tensor teacher, Tensor keys)
    {
        using var scope = NewDisposeScope();
        using var probabilities = teacher.detach().softmax(1);
        var best = probabilities.argmax(1, keepdim: true);
        var order = keys.scatter(1, best, full_like(best, 2, keys.dtype)).argsort(1, descending: true);
        var (sorted, _) = probabilities.sort(1, descending: true);
        return KnowledgeDistillationLoss.ComputeTowards(student, zeros_like(probabilities).scatter(1, order, sorted), Unsoftened).MoveToOuterDisposeScope();
    }
}
