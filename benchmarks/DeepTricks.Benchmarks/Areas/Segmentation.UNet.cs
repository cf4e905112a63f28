using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Segmentation
{
    /// <summary>All five maps of the whole UNet 3+ in evaluation, without gradients.</summary>
    [PeakMemory]
    [CaseName("unet3plus-forward")]
    public class UNetThreePlusForward : Case
    {
        private UNetThreePlus _model = null!;
        private Tensor _images = null!;

        public override void SetUp()
        {
            _model = Golden.Fill(new UNetThreePlus(new() { DeepSupervision = true }));
            _model.eval();
            _images = Golden.Tensor("images", [1, 3, Side, Side]);
        }

        public override void Run()
        {
            using var _ = no_grad();
            using var maps = _model.Maps(_images);
        }

        protected override double Result()
        {
            using var _ = no_grad();
            using var maps = _model.Maps(_images);
            return maps.Sides.Sum(side => side.abs().sum().item<float>());
        }
    }

    /// <summary>A step of SGD with momentum, with a loss on each of the five maps.</summary>
    public abstract class UNetThreePlusStep(IReadOnlyList<long> filters, long count, long size) : Case
    {
        private UNetThreePlus _model = null!;
        private optim.Optimizer _optimizer = null!;
        private Tensor _images = null!, _masks = null!;

        public override void SetUp()
        {
            _model = Golden.Fill(new UNetThreePlus(new() { Filters = filters, DeepSupervision = true }));
            _optimizer = optim.SGD(_model.parameters(), 0.001, momentum: 0.9);
            _images = Golden.Tensor("images", [count, 3, size, size]);
            using var numbers = Golden.Tensor("masks", [count, 1, size, size]);
            using var foreground = numbers > 0;
            _masks = foreground.to(ScalarType.Float32);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            using var maps = _model.Maps(_images);
            var loss = maps.Sides.Select(side => nn.functional.binary_cross_entropy_with_logits(side, _masks)).Aggregate((sum, one) => sum + one);
            loss.backward();
            _optimizer.step();
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _model.parameters().Sum(parameter => parameter.abs().sum().item<float>());
        }
    }

    /// <summary>The whole network.</summary>
    [PeakMemory]
    [CaseName("unet3plus-train")]
    public class UNetThreePlusTrain() : UNetThreePlusStep([64, 128, 256, 512, 1024], 1, Side);

    /// <summary>A network such as one trains on a CPU, where calls weigh more than multiplications.</summary>
    [CaseName("unet3plus-small-train")]
    public class UNetThreePlusSmallTrain() : UNetThreePlusStep([8, 16, 32, 64, 128], 8, 64);
}
