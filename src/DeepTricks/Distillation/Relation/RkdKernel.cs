using DeepTricks.Kernels;
using DeepTricks.Losses;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Distances and angles from the products of the points alone, with the gradient in the same pass. Points come as [1, B, D].</summary>
internal sealed class RkdKernel(RkdLossOptions options) : IFusedLoss
{
    public bool GivesGradient => true;

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var student = new PairGeometry(scores[0].contiguous());
        using var teacher = new PairGeometry(masks![0].contiguous());
        double count = student.Count;
        var slopes = gradient is null ? null : new double[student.Products.Length];
        double loss = 0;
        if (options.DistanceWeight > 0 && count > 1)
        {
            var weight = options.DistanceWeight / (count * count);
            var distances = new PairDistances(student, options.SmallestSquare, options.MeanOffset);
            loss += weight * distances.SumAgainst(new(teacher, options.SmallestSquare, options.MeanOffset), slopes, weight);
        }

        if (options.AngleWeight > 0)
        {
            var weight = options.AngleWeight / (count * count * count);
            loss += weight * new AngleTriplets(student, teacher).Sum(slopes, weight);
        }

        if (slopes is not null)
        {
            gradient!.copy_(student.Gradient(slopes, 1).unsqueeze(0));
        }

        return tensor((float)loss).MoveToOuterDisposeScope();
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream) => throw new NotSupportedException();

    public Tensor InTensors(Tensor scores, Tensor? masks) => RkdTensors.Loss(scores[0], masks![0], options).to(scores.dtype);
}
