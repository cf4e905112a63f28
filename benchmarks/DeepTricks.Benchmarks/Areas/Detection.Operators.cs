using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>Finding objects: the operators, and the networks built of them.</summary>
public static partial class Detection
{
    private const long Classes = 80;

    /// <summary>512 regions of a map of 256 channels and 50 x 68 cells, as of an image of 800 x 1,088 pixels.</summary>
    public abstract class Pooling(int threads, bool backward) : Case
    {
        private Tensor _features = null!, _regions = null!, _cotangent = null!;

        public override void SetUp()
        {
            torch.set_num_threads(threads);
            _features = Golden.Tensor("features", [1, 256, 50, 68]);
            _regions = Regions(512, 1088, 800);
            _cotangent = Golden.Tensor("cotangent", [512, 256, 7, 7]);
            if (backward) _features.requires_grad_();
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            var pooled = Pool(_features, _regions);
            if (!backward) return;
            _features.grad = null;
            pooled.backward([_cotangent]);
        }

        protected abstract Tensor Pool(Tensor features, Tensor regions);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            var pooled = Pool(_features, _regions).abs().sum().item<float>();
            return backward ? pooled + _features.grad!.abs().sum().item<float>() : pooled;
        }
    }

    public abstract class RoiAlignment(int threads, bool backward) : Pooling(threads, backward)
    {
        private static readonly RoiAlignOptions Options = new(7) { SpatialScale = 1.0 / 16, SamplingRatio = 2 };

        protected override Tensor Pool(Tensor features, Tensor regions) => RoiAlign.Compute(features, regions, Options);
    }

    [CaseName("roialign-forward-1t")]
    public class RoiAlignForward1() : RoiAlignment(1, false);

    [CaseName("roialign-forward-2t")]
    public class RoiAlignForward2() : RoiAlignment(2, false);

    /// <summary>Forward and backward.</summary>
    [PeakMemory]
    [CaseName("roialign-backward-1t")]
    public class RoiAlignBackward1() : RoiAlignment(1, true);

    /// <summary>Forward and backward.</summary>
    [CaseName("roialign-backward-2t")]
    public class RoiAlignBackward2() : RoiAlignment(2, true);

    public abstract class RoiMaximum(int threads, bool backward) : Pooling(threads, backward)
    {
        private static readonly RoiPoolOptions Options = new(7) { SpatialScale = 1.0 / 16 };

        protected override Tensor Pool(Tensor features, Tensor regions) => RoiPool.Compute(features, regions, Options);
    }

    [CaseName("roipool-forward-1t")]
    public class RoiPoolForward1() : RoiMaximum(1, false);

    [CaseName("roipool-forward-2t")]
    public class RoiPoolForward2() : RoiMaximum(2, false);

    /// <summary>Forward and backward.</summary>
    [PeakMemory]
    [CaseName("roipool-backward-1t")]
    public class RoiPoolBackward1() : RoiMaximum(1, true);

    /// <summary>Forward and backward.</summary>
    [CaseName("roipool-backward-2t")]
    public class RoiPoolBackward2() : RoiMaximum(2, true);

    /// <summary>1,000 boxes of an image of 800 x 1,088 from the four levels of a pyramid, with the gradients of all levels.</summary>
    [PeakMemory]
    [CaseName("roialign-pyramid-1t")]
    public class RoiAlignPyramid() : Case
    {
        private Tensor[] _levels = null!;
        private Tensor _boxes = null!, _cotangent = null!;

        public override void SetUp()
        {
            torch.set_num_threads(1);
            _levels = [.. new[] { 4, 8, 16, 32 }.Select(stride => Golden.Tensor($"level{stride}", [1, 256, 800 / stride, 1088 / stride]).requires_grad_())];
            _boxes = Regions(1_000, 1088, 800).narrow(1, 1, 4).contiguous();
            _cotangent = Golden.Tensor("cotangent", [1_000, 256, 7, 7]);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            foreach (var level in _levels) level.grad = null;
            MultiScaleRoiAlign.Compute(_levels, [_boxes], [(800, 1088)], new(7)).backward([_cotangent]);
        }

        protected override double Result() => _levels.Sum(level => level.grad!.abs().sum().item<float>());
    }

    /// <summary>Boxes all over an image, many of them over each other.</summary>
    public abstract class Suppression(long count) : Case
    {
        private Tensor _boxes = null!, _scores = null!, _classes = null!;

        public override void SetUp()
        {
            _boxes = Regions(count, 1088, 800).narrow(1, 1, 4).contiguous();
            _scores = Golden.Tensor("scores", [count]);
            _classes = Golden.Integers("classes", Classes, count);
        }

        public override void Run()
        {
            using var kept = Keep(_boxes, _scores, _classes);
        }

        protected abstract Tensor Keep(Tensor boxes, Tensor scores, Tensor classes);

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return Keep(_boxes, _scores, _classes).sum().item<long>();
        }
    }

    public abstract class PlainSuppression(long count) : Suppression(count)
    {
        protected override Tensor Keep(Tensor boxes, Tensor scores, Tensor classes) => Nms.Apply(boxes, scores, 0.7);
    }

    [CaseName("nms-4000")]
    public class Nms4000() : PlainSuppression(4_000);

    [CaseName("nms-20000")]
    public class Nms20000() : PlainSuppression(20_000);

    /// <summary>4,000 boxes of 80 classes.</summary>
    public class BatchedNms() : Suppression(4_000)
    {
        protected override Tensor Keep(Tensor boxes, Tensor scores, Tensor classes) => Nms.Batched(boxes, scores, classes, 0.5);
    }

    /// <summary>The masks of 100 boxes into an image of 800 x 1,088.</summary>
    [PeakMemory]
    public class PasteMasks : Case
    {
        private Tensor _masks = null!, _boxes = null!;

        public override void SetUp()
        {
            _masks = Golden.Tensor("masks", [100, 1, 28, 28], 0.5, 0.5);
            _boxes = Regions(100, 1088, 800).narrow(1, 1, 4).contiguous();
        }

        public override void Run()
        {
            using var images = MaskPaste.IntoImages(_masks, _boxes, 800, 1088);
        }

        protected override double Result()
        {
            using var images = MaskPaste.IntoImages(_masks, _boxes, 800, 1088);
            return images.to(ScalarType.Float64).sum().item<double>();
        }
    }

    /// <summary>[K, 5], boxes with sides of 32 to 512 pixels, most of them small, within an image.</summary>
    private static Tensor Regions(long count, int width, int height)
    {
        using var scope = NewDisposeScope();
        var size = tensor(new float[] { width, height });
        var side = (Golden.Tensor("side", [count, 2], 2, 7)).exp2();
        var centre = Golden.Tensor("centre", [count, 2], 0.5, 0.5) * size;
        var low = (centre - (side / 2)).clamp_min(0);
        var high = torch.minimum(centre + (side / 2), size);
        return cat([torch.zeros(count, 1), low, high], 1).MoveToOuterDisposeScope();
    }
}
