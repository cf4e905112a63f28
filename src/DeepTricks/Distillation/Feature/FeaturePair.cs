using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>What losses of a student's and a teacher's features have in common.</summary>
internal static class FeaturePair
{
    /// <summary>
    /// Computes a loss in a dispose scope of its own. The teacher's side is a constant, and what has fewer digits than single precision is widened for
    /// the sums, and the result narrowed.
    /// </summary>
    public static Tensor Compare(Tensor student, Tensor teacher, Func<Tensor, Tensor, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var target = teacher.detach();
        return student.dtype is ScalarType.Float16 or ScalarType.BFloat16
            ? loss(student.to(ScalarType.Float32), target.to(ScalarType.Float32)).to(student.dtype).MoveToOuterDisposeScope()
            : loss(student, target).MoveToOuterDisposeScope();
    }

    /// <summary>Averages the larger of two maps to the size of the smaller, each axis by itself, as RepDistiller does with square maps.</summary>
    public static (Tensor Student, Tensor Teacher) SameSize(Tensor student, Tensor teacher)
    {
        long[] size = [Math.Min(student.shape[2], teacher.shape[2]), Math.Min(student.shape[3], teacher.shape[3])];
        return (Pooled(student, size), Pooled(teacher, size));
    }

    /// <summary>Sums terms [N, ...] as the options say.</summary>
    public static Tensor Reduce(Tensor terms, FeatureLossOptions options)
    {
        var value = options.Reduction == FeatureReduction.ElementMean ? terms.mean() : terms.sum() / terms.shape[0];
        return options.Factor == 1 ? value : value * options.Factor;
    }

    private static Tensor Pooled(Tensor map, long[] size) => map.shape[2] == size[0] && map.shape[3] == size[1] ? map : nn.functional.adaptive_avg_pool2d(map, size);
}
