using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>A single operator, and whole steps of training as in a hand-written loop.</summary>
public static class Training
{
    /// <summary>The smallest operator there is: what a call costs.</summary>
    public class OperatorCall : Case
    {
        private Tensor _left = null!, _right = null!;

        public override void SetUp() => (_left, _right) = (Golden.Tensor("left", [3, 4]), Golden.Tensor("right", [3, 4]));

        public override void Run()
        {
            using var _ = no_grad();
            using var sum = add(_left, _right);
        }

        protected override double Result()
        {
            using var sum = add(_left, _right).abs().sum();
            return sum.ToDouble();
        }
    }
}
