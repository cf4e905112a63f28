using DeepTricks.Regularization;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>Losses that keep predictions from being too sure, forward and backward.</summary>
public static class Regularization
{
    /// <summary>A loss and its gradient by the logits, of so many rows and classes.</summary>
    public abstract class Loss(int rows, int classes) : Case
    {
        private Tensor _logits = null!, _labels = null!;

        protected Tensor Weight { get; private set; } = null!;

        public override void SetUp()
        {
            _logits = Golden.Tensor("logits", [rows, classes], scale: 4).requires_grad_();
            _labels = Golden.Integers("labels", classes, rows);
            Weight = Golden.Tensor("weight", [classes], scale: 0.5, shift: 1);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _logits.grad = null;
            Compute(_logits, _labels).backward();
        }

        protected abstract Tensor Compute(Tensor logits, Tensor labels);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Compute(_logits, _labels).item<float>() + _logits.grad!.abs().sum().item<float>();
        }
    }

    /// <summary>With class weights.</summary>
    public abstract class LabelSmoothing(int rows, int classes) : Loss(rows, classes)
    {
        protected override Tensor Compute(Tensor logits, Tensor labels) => LabelSmoothingLoss.Compute(logits, labels, 0.1, Weight);
    }

    public abstract class ConfidencePenalty(int rows, int classes) : Loss(rows, classes)
    {
        protected override Tensor Compute(Tensor logits, Tensor labels) => ConfidencePenaltyLoss.Compute(logits, labels, 0.1);
    }

    public class LabelSmoothing256x10() : LabelSmoothing(256, 10);

    public class LabelSmoothing256x1000() : LabelSmoothing(256, 1000);

    [PeakMemory]
    public class LabelSmoothing64x32000() : LabelSmoothing(64, 32000);

    public class ConfidencePenalty256x10() : ConfidencePenalty(256, 10);

    public class ConfidencePenalty256x1000() : ConfidencePenalty(256, 1000);

    [PeakMemory]
    public class ConfidencePenalty64x32000() : ConfidencePenalty(64, 32000);
}
