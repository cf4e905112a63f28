using DeepTricks.Distillation;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Distillation
{
    /// <summary>A loss of the student's logits and the teacher's and its gradient, of so many rows and classes.</summary>
    public abstract class Response(int rows, int classes) : Case
    {
        private Tensor _student = null!, _teacher = null!, _labels = null!;

        public override void SetUp()
        {
            _student = Golden.Tensor("student", [rows, classes], scale: 4).requires_grad_();
            _teacher = Golden.Tensor("teacher", [rows, classes], scale: 8);
            _labels = Golden.Integers("labels", classes, rows);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _student.grad = null;
            Compute(_student, _teacher, _labels).backward();
        }

        protected abstract Tensor Compute(Tensor student, Tensor teacher, Tensor labels);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Compute(_student, _teacher, _labels).item<float>() + _student.grad!.abs().sum().item<float>();
        }
    }

    public abstract class SoftLabels(int rows, int classes) : Response(rows, classes)
    {
        protected override Tensor Compute(Tensor student, Tensor teacher, Tensor labels) => KnowledgeDistillationLoss.Compute(student, teacher);
    }

    public abstract class Decoupled(int rows, int classes) : Response(rows, classes)
    {
        protected override Tensor Compute(Tensor student, Tensor teacher, Tensor labels) => DecoupledDistillationLoss.Compute(student, teacher, labels);
    }

    [CaseName("kd-256x100")]
    public class Kd256x100() : SoftLabels(256, 100);

    [PeakMemory]
    [CaseName("kd-128x30000")]
    public class Kd128x30000() : SoftLabels(128, 30000);

    [CaseName("dkd-256x100")]
    public class Dkd256x100() : Decoupled(256, 100);

    [CaseName("dist-256x100")]
    public class Dist256x100() : Response(256, 100)
    {
        protected override Tensor Compute(Tensor student, Tensor teacher, Tensor labels) => DistLoss.Compute(student, teacher);
    }
}
