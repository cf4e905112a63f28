using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Interpretability
{
    private const int Classes = 200, PerClass = 10, Channels = 128, Side = 7;

    /// <summary>A network whose backbone is not run: the features are given.</summary>
    private static ProtoPNet Network()
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var model = new ProtoPNet(nn.Identity(), Channels);
        model.Prototypes.copy_(Golden.Tensor("prototypes", model.Prototypes.shape, scale: 0.5, shift: 0.5));
        return model;
    }

    /// <summary>2,000 prototypes over maps of 80 images: distances, least ones, scores, last layer, all costs, and the gradients of features, prototypes and last layer.</summary>
    [PeakMemory]
    public class PrototypeHead : Case
    {
        private const int Images = 80;
        private ProtoPNet _model = null!;
        private Tensor _features = null!, _labels = null!;

        public override void SetUp()
        {
            _model = Network();
            _features = Golden.Tensor("features", [Images, Channels, Side, Side], scale: 0.5, shift: 0.5).requires_grad_();
            _labels = arange(Images) % Classes;
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _features.grad = _model.Prototypes.grad = _model.LastLayer.grad = null;
            Compute().backward();
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Compute().item<float>() + new[] { _features, _model.Prototypes, _model.LastLayer }.Sum(leaf => leaf.grad!.abs().sum().item<float>());
        }

        private Tensor Compute()
        {
            var distances = PrototypeDistance.Minimum(_features, _model.Prototypes);
            var classes = _model.PrototypeClassTensor;
            return nn.functional.cross_entropy(_model.Logits(distances), _labels) + (PrototypeCosts.Cluster(distances, _labels, classes) * 0.8)
                - (PrototypeCosts.Separation(distances, _labels, classes) * 0.08) + (PrototypeCosts.Sparsity(_model.LastLayer, classes) * 1e-4);
        }
    }

    /// <summary>2,000 prototypes onto the features of 10,000 images, class after class in batches of 75, with their boxes in images of 224 × 224.</summary>
    [PeakMemory]
    public class PrototypeProjection : Case
    {
        private const int Images = 10_000, Batch = 75, Pixels = 224;
        private ProtoPNet _model = null!;
        private Tensor _features = null!, _labels = null!, _prototypes = null!;
        private IReadOnlyList<PrototypeSource> _sources = [];

        public override void SetUp()
        {
            _model = Network();
            _prototypes = _model.Prototypes.detach().clone();
            _features = Golden.Tensor("features", [Images, Channels, Side, Side], scale: 0.5, shift: 0.5);
            _labels = (arange(Images) * Classes).div(Images, RoundingMode.floor);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            _model.Prototypes.copy_(_prototypes);
            using var projection = new DeepTricks.Interpretability.PrototypeProjection(_model);
            for (var start = 0; start < Images; start += Batch)
            {
                var count = Math.Min(Batch, Images - start);
                using var inner = NewDisposeScope();
                projection.Add(_features.narrow(0, start, count), _labels.narrow(0, start, count), [.. Enumerable.Range(start, count).Select(image => (long)image)], Pixels, Pixels);
            }

            _sources = projection.Complete();
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _model.Prototypes.sum().item<float>()
                + _sources.Sum(source => source.Image + source.Box.Top + source.Box.Bottom + source.Box.Left + source.Box.Right + (double)source.Class);
        }
    }
}
