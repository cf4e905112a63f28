using DeepTricks.Backbones;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>What stands between a file of PyTorch and the work with its weights: reading, and the networks themselves.</summary>
public static partial class Checkpoints
{
    /// <summary>Images of ImageNet's size through ResNet-50 in evaluation, without gradients.</summary>
    public abstract class Resnet50Inference(int rows) : Case
    {
        private ResNet _model = null!;
        private Tensor _images = null!;

        public override void SetUp()
        {
            _model = Golden.Fill(new ResNet());
            _model.eval();
            _images = Golden.Tensor("images", [rows, 3, 224, 224]);
        }

        public override void Run()
        {
            using var _ = no_grad();
            using var logits = _model.call(_images);
        }

        protected override double Result()
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            return _model.call(_images).abs().sum().item<float>();
        }
    }

    [CaseName("resnet50-inference-1")]
    public class Resnet50Inference1() : Resnet50Inference(1);

    [PeakMemory]
    [CaseName("resnet50-inference-8")]
    public class Resnet50Inference8() : Resnet50Inference(8);

    /// <summary>A step of SGD with momentum on four images of 128 x 128.</summary>
    [PeakMemory]
    [CaseName("resnet50-train")]
    public class Resnet50Train : Case
    {
        private ResNet _model = null!;
        private optim.Optimizer _optimizer = null!;
        private Tensor _images = null!, _labels = null!;

        public override void SetUp()
        {
            _model = Golden.Fill(new ResNet());
            _optimizer = optim.SGD(_model.parameters(), 0.001, momentum: 0.9);
            _images = Golden.Tensor("images", [4, 3, 128, 128]);
            _labels = Golden.Integers("labels", 1000, 4);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(_model.call(_images), _labels);
            loss.backward();
            _optimizer.step();
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _model.parameters().Sum(parameter => parameter.abs().sum().item<float>());
        }
    }
}
