using DeepTricks.Distillation;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Distillation
{
    /// <summary>Contrastive distillation of a batch of 64 against 16,384 negatives of each among 50,000 samples: loss, gradients of features and heads, and both memories' update.</summary>
    [PeakMemory]
    [CaseName("crd")]
    public class Crd : Case
    {
        private const int Batch = 64, Features = 256, Samples = 50_000, Negatives = 16_384;
        private ContrastiveDistillationLoss _loss = null!;
        private Tensor _student = null!, _teacher = null!, _indices = null!, _contrasted = null!;

        public override void SetUp()
        {
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            _loss = new(new() { StudentFeatures = Features, TeacherFeatures = Features, Samples = Samples, Negatives = Negatives }, new Generator(1));
            foreach (var (name, tensor) in _loss.state_dict().Where(entry => entry.Key != "contrast.params"))
                tensor.copy_(Golden.Tensor(name, tensor.shape, scale: 0.15));
            _student = Golden.Tensor("student", [Batch, Features]).requires_grad_().MoveToOuterDisposeScope();
            _teacher = Golden.Tensor("teacher", [Batch, Features]).MoveToOuterDisposeScope();
            _indices = (arange(Batch) * 7).MoveToOuterDisposeScope();
            _contrasted = Golden.Integers("contrasted", Samples, Batch, Negatives + 1).MoveToOuterDisposeScope();
            _contrasted.select(1, 0).copy_(_indices);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _student.grad = null;
            _loss.zero_grad();
            _loss.Compute(_student, _teacher, _indices, _contrasted).backward();
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _loss.Compute(_student, _teacher, _indices, _contrasted).item<float>() + _student.grad!.abs().sum().item<float>();
        }
    }
}
