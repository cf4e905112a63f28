using DeepTricks.Kernels;
using DeepTricks.Metrics;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Segmentation
{
    private const long Images = 4, Ignored = 255;

    /// <summary>A batch of labels, one in twenty of them to ignore, against predictions.</summary>
    public abstract class Confusion(long side) : Case
    {
        private readonly DeepTricks.Metrics.ConfusionMatrix _matrix = new((int)Classes, Ignored);
        private Tensor _output = null!, _target = null!;

        public override void SetUp()
        {
            _target = Golden.Integers("target", Classes, Images, side / 16, side / 16).repeat_interleave(16, 1).repeat_interleave(16, 2);
            _target.masked_fill_(Golden.Tensor("ignored", [Images, side, side]) > 0.9, Ignored);
            _output = Output(side);
        }

        public override void Run()
        {
            _matrix.Reset();
            _matrix.Update(_output, _target);
        }

        protected abstract Tensor Output(long side);

        protected override double Result() => _matrix.Counts().Cast<long>().Select((count, i) => (double)count * (i + 1)).Sum();
    }

    public class ConfusionMatrix() : Confusion(512)
    {
        protected override Tensor Output(long side) => Golden.Integers("output", Classes, Images, side / 8, side / 8).repeat_interleave(8, 1).repeat_interleave(8, 2);
    }

    /// <summary>From the scores of a network.</summary>
    [PeakMemory]
    public class ConfusionMatrixLogits() : Confusion(512)
    {
        protected override Tensor Output(long side) => Golden.Tensor("logits", [Images, Classes, side, side]);
    }

    /// <summary>Blobs in images of 256 x 256: what is above the middle of smooth noise in a disc, and the same with other noise.</summary>
    public abstract class Surfaces : Case
    {
        private Tensor _predicted = null!, _truth = null!, _result = null!;

        public override void SetUp() => (_predicted, _truth) = (Blobs("predicted"), Blobs("truth"));

        public override void Run()
        {
            _result?.Dispose();
            _result = Compute(_predicted, _truth);
        }

        protected abstract Tensor Compute(Tensor predicted, Tensor truth);

        protected override double Result() => _result.sum().item<double>();

        private static Tensor Blobs(string name)
        {
            using var scope = NewDisposeScope();
            var noise = Golden.Tensor(name, [Images, 1, Side / 16, Side / 16], dtype: ScalarType.Float64).repeat_interleave(16, 2).repeat_interleave(16, 3);
            var places = (arange(Side, dtype: ScalarType.Float64) - (Side / 2)).square();
            return (places.unsqueeze(0) + places.unsqueeze(1) + (noise * 3000)).lt(8100).MoveToOuterDisposeScope();
        }
    }

    public class Hausdorff : Surfaces
    {
        protected override Tensor Compute(Tensor predicted, Tensor truth) => SurfaceDistances.Hausdorff(predicted, truth);
    }

    public class SurfaceDice : Surfaces
    {
        protected override Tensor Compute(Tensor predicted, Tensor truth) => SurfaceDistances.Dice(predicted, truth, [2]);
    }

    public class DistanceTransform : Surfaces
    {
        protected override Tensor Compute(Tensor predicted, Tensor truth) => Kernels.DistanceTransform.Distances(truth, 2, dtype: ScalarType.Float64);
    }
}
