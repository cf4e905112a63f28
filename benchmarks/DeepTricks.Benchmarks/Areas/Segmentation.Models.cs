using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>Networks that segment images, and what they are trained and measured with.</summary>
public static partial class Segmentation
{
    private const long Side = 256, Classes = 21;

    /// <summary>One image through a network in evaluation, without gradients.</summary>
    public abstract class Forward : Case
    {
        private RefinementNetwork _model = null!;
        private Tensor _images = null!;

        protected abstract RefinementNetwork Make();

        public override void SetUp()
        {
            _model = Golden.Fill(Make());
            _model.eval();
            _images = Golden.Tensor("images", [1, 3, Side, Side]);
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

    [PeakMemory]
    [CaseName("refinenet101-forward")]
    public class RefineNet101Forward : Forward
    {
        protected override RefinementNetwork Make() => new RefineNet();
    }

    [PeakMemory]
    [CaseName("light-weight-refinenet50-forward")]
    public class LightWeightRefineNet50Forward : Forward
    {
        protected override RefinementNetwork Make() => new LightWeightRefineNet();
    }

    /// <summary>A step of SGD on one image. No dropout, so that both sides compute the same.</summary>
    [PeakMemory]
    [CaseName("refinenet101-train")]
    public class RefineNet101Train : Case
    {
        private RefineNet _model = null!;
        private optim.Optimizer _optimizer = null!;
        private Tensor _images = null!, _labels = null!;

        public override void SetUp()
        {
            _model = Golden.Fill(new RefineNet(new() { Dropout = 0 }));
            _optimizer = optim.SGD(_model.parameters(), 1e-6);
            _images = Golden.Tensor("images", [1, 3, Side, Side]);
            _labels = Golden.Integers("labels", Classes, 1, Side / 4, Side / 4);
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
            return nn.functional.cross_entropy(_model.call(_images), _labels).item<float>();
        }
    }
}
