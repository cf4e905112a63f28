using System.Buffers;
using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Half of each matrix of similarities; of the gradient only [B, B] is kept, and one product with the features makes it. Features come as [1, B, D].
/// </summary>
internal sealed unsafe class SimilarityKernel : IFusedLoss
{
    /// <summary>The least length a row is divided by, as in PyTorch's normalize.</summary>
    private const double Epsilon = 1e-12;

    /// <summary>The slope of each similarity, with that of its mirror image; made with the value.</summary>
    private float[] _slopes = [];

    public bool GivesGradient => false;

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var count = (int)scores.shape[1];
        var student = ArrayPool<float>.Shared.Rent(count * count);
        var teacher = ArrayPool<float>.Shared.Rent(count * count);
        Products(scores[0], student);
        Products(masks![0].contiguous(), teacher);
        double loss = 0;
        for (var i = 0; i < count; i++)
        {
            loss += Row(student.AsSpan(i * count, count), teacher.AsSpan(i * count, count));
        }

        _slopes = WithMirrorImage(student, count);
        ArrayPool<float>.Shared.Return(student);
        ArrayPool<float>.Shared.Return(teacher);
        return tensor((float)(loss / count / count)).MoveToOuterDisposeScope();
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream)
    {
        using var scope = NewDisposeScope();
        var count = scores.shape[1];
        var slopes = tensor(_slopes, [count, count]) * upstream;
        return slopes.mm(scores[0]).unsqueeze(0).MoveToOuterDisposeScope();
    }

    public Tensor InTensors(Tensor scores, Tensor? masks) => SimilarityPreservingLoss.InTensors(scores[0], masks![0]);

    private static void Products(Tensor features, float[] products)
    {
        fixed (float* to = products)
        {
            GramMatrix.Of(features.Address<float>(), (int)features.shape[0], (int)features.shape[1], to);
        }
    }

    /// <summary>The squared distance of two rows of length 1; the student's becomes the distance's gradient.</summary>
    private static double Row(Span<float> student, Span<float> teacher)
    {
        var (own, theirs) = ((float)(1 / Length(student)), (float)(1 / Length(teacher)));
        double loss = 0, along = 0;
        for (var j = 0; j < student.Length; j++)
        {
            var scaled = student[j] * own;
            var difference = scaled - (teacher[j] * theirs);
            loss += difference * difference;
            along += difference * scaled;
        }

        var (factor, share) = (2 * own / student.Length / student.Length, (float)along);
        for (var j = 0; j < student.Length; j++)
        {
            var scaled = student[j] * own;
            student[j] = factor * (scaled - (teacher[j] * theirs) - (scaled * share));
        }

        return loss;
    }

    private static double Length(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (var value in row)
        {
            sum += value * (double)value;
        }

        return Math.Max(Math.Sqrt(sum), Epsilon);
    }

    private static float[] WithMirrorImage(float[] slopes, int count)
    {
        var both = new float[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                both[(i * count) + j] = slopes[(i * count) + j] + slopes[(j * count) + i];
            }
        }

        return both;
    }
}
