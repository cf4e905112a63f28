using DeepTricks.Losses;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Segmentation
{
    /// <summary>A loss of scores and its gradient.</summary>
    public abstract class PixelLoss(params long[] shape) : Case
    {
        private Tensor _scores = null!, _target = null!;

        public override void SetUp()
        {
            using var scope = NewDisposeScope();
            var (scores, target) = Inputs(shape);
            _scores = scores.requires_grad_().MoveToOuterDisposeScope();
            _target = target.MoveToOuterDisposeScope();
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _scores.grad = null;
            Compute(_scores, _target).backward();
        }

        protected abstract Tensor Compute(Tensor scores, Tensor target);

        /// <summary>Logits as of a network in training, right on nine pixels of ten, and labels.</summary>
        protected virtual (Tensor Scores, Tensor Target) Inputs(long[] shape)
        {
            var labels = Golden.Integers("labels", shape[1], shape[0], shape[2], shape[3]);
            var right = Golden.Tensor("right", [shape[0], 1, shape[2], shape[3]]).gt(-0.8).to(ScalarType.Float32) * 6;
            return (Golden.Tensor("scores", shape, scale: 3).scatter_add_(1, labels.unsqueeze(1), right), labels);
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Compute(_scores, _target).item<float>() + _scores.grad!.abs().sum().item<float>();
        }
    }

    /// <summary>A loss of masks: discs on a grid, with scores that know where they are.</summary>
    public abstract class MaskLoss(double scale, double shift, params long[] shape) : PixelLoss(shape)
    {
        protected override (Tensor Scores, Tensor Target) Inputs(long[] shape)
        {
            var axis = (arange(shape[3], dtype: ScalarType.Float32) % 64 - 32).square();
            var discs = (axis.unsqueeze(0) + axis.unsqueeze(1)).lt(400).to(ScalarType.Float32).expand(shape).contiguous();
            var scores = ((Golden.Tensor("scores", shape) + (discs * 2) - 1) * (scale / 2)) + shift;
            return (scores, discs);
        }
    }

    public class MsSsim() : MaskLoss(0.5, 0.5, 4, 1, 256, 256)
    {
        protected override Tensor Compute(Tensor scores, Tensor target) => MsSsimLoss.Compute(scores, target);
    }

    public class MsSsimOfficial() : MaskLoss(0.5, 0.5, 2, 3, 256, 256)
    {
        protected override Tensor Compute(Tensor scores, Tensor target) => MsSsimLoss.Compute(scores, target, MsSsimLossOptions.UNet3Plus);
    }

    [CaseName("unet3plus-hybrid")]
    public class UNet3PlusHybrid() : MaskLoss(4, 0, 4, 1, 256, 256)
    {
        private readonly UNet3PlusLoss _loss = new();

        protected override Tensor Compute(Tensor scores, Tensor target) => _loss.call(scores, target);
    }

    public class LovaszHinge() : MaskLoss(4, 0, 4, 1, 256, 256)
    {
        protected override Tensor Compute(Tensor scores, Tensor target) => LovaszHingeLoss.Compute(scores, target);
    }

    public class Lovasz() : PixelLoss(2, 21, 256, 256)
    {
        protected override Tensor Compute(Tensor scores, Tensor target) => LovaszSoftmaxLoss.Compute(scores, target);
    }

    public class Dice() : PixelLoss(2, 21, 256, 256)
    {
        protected override Tensor Compute(Tensor scores, Tensor target) => DiceLoss.Compute(scores, target);
    }

    [PeakMemory]
    public class Focal() : PixelLoss(2, 21, 256, 256)
    {
        protected override Tensor Compute(Tensor scores, Tensor target) => FocalLoss.Compute(scores, target);
    }
}
