using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The terms of <see cref="DeepInversion"/> that are functions of images and logits, each before its weight.</summary>
public static class DeepInversionLoss
{
    private const double LeastProbability = 0.01;
    private const double LargestProbability = 0.99;

    /// <summary>How far the answers of two networks agree: 1 less their Jensen-Shannon divergence, as the authors clamp it.</summary>
    /// <param name="student">The student's logits [N, K].</param>
    /// <param name="teacher">The teacher's logits [N, K], which the gradient passes, too.</param>
    /// <param name="temperature">T; 3 by default.</param>
    /// <returns>A scalar in [0, 1].</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static Tensor Agreement(Tensor student, Tensor teacher, double temperature = 3)
    {
        RelationChecks.Check(student, teacher, dimensions: 2);
        RelationChecks.CheckSame("classes", student, teacher, 1);
        SegmentationChecks.Positive(temperature);
        using var scope = NewDisposeScope();
        var (p, q) = ((student / temperature).softmax(1), (teacher / temperature).softmax(1));
        var middle = Clamped((p + q) * 0.5);
        var divergence = (From(p) + From(q)) * 0.5;
        return (1 - divergence.clamp(0, 1)).MoveToOuterDisposeScope();

        Tensor From(Tensor one) => (middle * (middle.log() - Clamped(one).log())).sum() / student.shape[0];

        static Tensor Clamped(Tensor probabilities) => probabilities.clamp(LeastProbability, LargestProbability);
    }

    /// <summary>Lengths of the differences of neighbouring pixels along both axes and both diagonals, each over the whole batch.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public static Tensor TotalVariation(Tensor images)
    {
        RelationChecks.CheckOne(images, dimensions: 4);
        using var scope = NewDisposeScope();
        var (rows, columns) = (images.shape[2] - 1, images.shape[3] - 1);
        var sum = Length(Part(0, 0, false, true), Part(0, 1, false, true)) + Length(Part(0, 0, true, false), Part(1, 0, true, false))
            + Length(Part(1, 0, true, true), Part(0, 1, true, true)) + Length(Part(0, 0, true, true), Part(1, 1, true, true));
        return sum.MoveToOuterDisposeScope();

        Tensor Part(long down, long right, bool lessRows, bool lessColumns) =>
            images.narrow(2, down, lessRows ? rows : rows + 1).narrow(3, right, lessColumns ? columns : columns + 1);

        static Tensor Length(Tensor a, Tensor b) => (a - b).norm();
    }
}
