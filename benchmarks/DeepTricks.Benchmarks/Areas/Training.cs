using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>A single operator, and whole steps of training as in a hand-written loop.</summary>
public static class Training
{
    /// <summary>The smallest operator there is, a thousand times: what a call costs, making and freeing its result included.</summary>
    public class OperatorCall : Case
    {
        private const int Calls = 1000;
        private Tensor _left = null!, _right = null!;

        public override void SetUp() => (_left, _right) = (Golden.Tensor("left", [3, 4]), Golden.Tensor("right", [3, 4]));

        public override void Run()
        {
            using var _ = no_grad();
            for (var call = 0; call < Calls; call++)
            {
                using var sum = add(_left, _right);
            }
        }

        protected override double Result()
        {
            using var sum = add(_left, _right);
            using var total = sum.abs().sum();
            return total.item<float>();
        }
    }
}
