using System.Buffers;
using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Half of each matrix of similarities, and the gradient by one product of it with the features. Features come as [1, B, D].</summary>
internal sealed unsafe class SimilarityKernel : IFusedLoss
{
    /// <summary>The least length a row is divided by, as in PyTorch's normalize.</summary>
    private const double Epsilon = 1e-12;

    public bool GivesGradient => true;

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var features = scores[0].contiguous();
        var count = (int)features.shape[0];
        var slopes = gradient is null ? null : empty([count, count]);
        var student = ArrayPool<float>.Shared.Rent(count * count);
        var teacher = ArrayPool<float>.Shared.Rent(count * count);
        Products(features, student);
        Products(masks![0].contiguous(), teacher);
        double loss = 0;
        for (var i = 0; i < count; i++)
        {
            loss += Row(student.AsSpan(i * count, count), teacher.AsSpan(i * count, count), forSlopes: slopes is not null);
        }

        if (slopes is not null)
        {
            AddTransposed(student, count, slopes.Address<float>());
            // What is given is [1, B, D] and contiguous, so this fills it.
            gradient!.copy_(slopes.mm(features).unsqueeze(0));
        }

        ArrayPool<float>.Shared.Return(student);
        ArrayPool<float>.Shared.Return(teacher);
        return tensor((float)(loss / count / count)).MoveToOuterDisposeScope();
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream) => throw new NotSupportedException();

    public Tensor InTensors(Tensor scores, Tensor? masks) => SimilarityPreservingLoss.InTensors(scores[0], masks![0]);

    private static void Products(Tensor features, float[] products)
    {
        fixed (float* to = products)
        {
            GramMatrix.Of(features.Address<float>(), (int)features.shape[0], (int)features.shape[1], to);
        }
    }

    /// <summary>The squared distance of two rows of length 1; the student's becomes the distance's gradient.</summary>
    private static double Row(Span<float> student, Span<float> teacher, bool forSlopes)
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

        if (forSlopes)
        {
            var (factor, share) = (2 * own / student.Length / student.Length, (float)along);
            for (var j = 0; j < student.Length; j++)
            {
                var scaled = student[j] * own;
                student[j] = factor * (scaled - (teacher[j] * theirs) - (scaled * share));
            }
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

    private static void AddTransposed(float[] slopes, int count, float* both)
    {
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                both[((long)i * count) + j] = slopes[(i * count) + j] + slopes[(j * count) + i];
            }
        }
    }
}
