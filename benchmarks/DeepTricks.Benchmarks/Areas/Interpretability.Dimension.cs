using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

public static partial class Interpretability
{
    /// <summary>
    /// The intrinsic dimension of as many points as a layer gives, in single precision. The points are even noise: no low dimension or clusters help the search, and
    /// all distances are nearly alike.
    /// </summary>
    public abstract class Dimension(long points, long features) : Case
    {
        private Tensor _points = null!;
        private double _dimension;

        // Some of the peers take minutes.
        protected override int RunsBeforeCheck => 1;

        public override void SetUp()
        {
            _points?.Dispose();
            _points = Golden.Tensor("points", [points, features]);
        }

        public override void Run() => _dimension = TwoNN.Estimate(_points).Dimension;

        protected override double Result() => _dimension;
    }

    /// <summary>Against scikit-learn's neighbours by brute force, which it chooses itself beyond 15 features.</summary>
    [PeakMemory]
    [CaseName("twonn-10000x4096")]
    public class Twonn10000() : Dimension(10000, 4096);

    /// <summary>Against the authors' way: all distances, their square, all rows sorted.</summary>
    [CaseName("twonn-10000x4096-authors")]
    public class Twonn10000Authors() : Dimension(10000, 4096);

    [PeakMemory]
    [CaseName("twonn-50000x784")]
    public class Twonn50000() : Dimension(50000, 784);

    /// <summary>A smaller one, for a short look.</summary>
    [CaseName("twonn-4000x784")]
    public class Twonn4000() : Dimension(4000, 784);

    [CaseName("twonn-4000x784-authors")]
    public class Twonn4000Authors() : Dimension(4000, 784);
}
