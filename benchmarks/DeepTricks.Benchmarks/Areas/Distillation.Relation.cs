using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Distillation
{
    /// <summary>A loss over the relations of a batch and the gradient of the student's features.</summary>
    public abstract class RelationLoss(params long[] shape) : Case
    {
        private Tensor _student = null!, _teacher = null!;

        public override void SetUp()
        {
            _student = Golden.Tensor("student", shape).requires_grad_();
            _teacher = Golden.Tensor("teacher", shape);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _student.grad = null;
            Compute(_student, _teacher).backward();
        }

        protected abstract Tensor Compute(Tensor student, Tensor teacher);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Compute(_student, _teacher).item<float>() + _student.grad!.abs().sum().item<float>();
        }
    }

    public abstract class RkdCase(params long[] shape) : RelationLoss(shape)
    {
        protected override Tensor Compute(Tensor student, Tensor teacher) => RkdLoss.Compute(student, teacher);
    }

    public abstract class SpCase(params long[] shape) : RelationLoss(shape)
    {
        protected override Tensor Compute(Tensor student, Tensor teacher) => SimilarityPreservingLoss.Compute(student, teacher);
    }

    public class Rkd() : RkdCase(64, 512);

    [CaseName("rkd-64x64")]
    public class RkdNarrow() : RkdCase(64, 64);

    public class Sp() : SpCase(64, 64, 8, 8);

    [CaseName("sp-256")]
    public class SpLarge() : SpCase(256, 64, 8, 8);

    [CaseName("sp-64x256")]
    public class SpNarrow() : SpCase(64, 256);
}
