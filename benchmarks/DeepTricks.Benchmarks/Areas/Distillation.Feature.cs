using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Distillation
{
    /// <summary>A loss of the maps after the three stages of a network for 32 x 32 pixels, and its gradients; a batch of 64, as RepDistiller has it.</summary>
    public abstract class StagesLoss(params long[][] shapes) : Case
    {
        protected static readonly long[][] ResNetStages = [[64, 16, 32, 32], [64, 32, 16, 16], [64, 64, 8, 8]];

        private Tensor[] _students = [], _teachers = [];

        public override void SetUp()
        {
            _students = [.. shapes.Select((shape, i) => Laid(Golden.Tensor($"student{i}", shape)).requires_grad_())];
            _teachers = [.. shapes.Select((shape, i) => Laid(Golden.Tensor($"teacher{i}", shape)))];
        }

        /// <summary>How the maps lie in memory.</summary>
        protected virtual Tensor Laid(Tensor maps) => maps;

        public override void Run()
        {
            using var scope = NewDisposeScope();
            foreach (var student in _students) student.grad = null;
            Sum().backward();
        }

        protected abstract Tensor Compute(Tensor student, Tensor teacher);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return 1000 * (Sum().item<float>() + _students.Sum(student => student.grad!.abs().sum().item<float>()));
        }

        private Tensor Sum() => _students.Zip(_teachers, Compute).Aggregate((a, b) => a + b);
    }

    public abstract class AttentionCase(params long[][] shapes) : StagesLoss(shapes)
    {
        protected override Tensor Compute(Tensor student, Tensor teacher) => AttentionTransferLoss.Compute(student, teacher);
    }

    [CaseName("at")]
    public class Attention() : AttentionCase(ResNetStages);

    [CaseName("at-resnet18")]
    public class AttentionWide() : AttentionCase([32, 64, 56, 56], [32, 128, 28, 28], [32, 256, 14, 14], [32, 512, 7, 7]);

    /// <summary>Maps as networks give them whose pictures have the channels last.</summary>
    [CaseName("at-channels-last")]
    public class AttentionChannelsLast() : AttentionCase(ResNetStages)
    {
        protected override Tensor Laid(Tensor maps) => maps.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }

    public class Nst() : StagesLoss(ResNetStages)
    {
        protected override Tensor Compute(Tensor student, Tensor teacher) => NeuronSelectivityLoss.Compute(student, teacher);
    }
}
