using System.Numerics;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Non-maximum suppression: of boxes that overlap, the best stay.</summary>
public static class Nms
{
    /// <summary>Above so many numbers, four a box, torchvision suppresses the classes one by one on the CPU; up to it, all at once and shifted apart.</summary>
    private const long OneByOneOnCpu = 4_000;

    /// <summary>The same on other devices.</summary>
    private const long OneByOneElsewhere = 20_000;

    /// <summary>Goes through the boxes from the highest score down and drops those whose IoU with one that was kept is larger than a threshold, as torchvision's <c>nms</c>.</summary>
    /// <remarks>Among equal scores the first comes first. Two boxes without area do not suppress each other.</remarks>
    /// <param name="boxes">[N, 4] of (x1, y1, x2, y2), of a floating type.</param>
    /// <param name="scores">[N], of the same type and device.</param>
    /// <param name="iouThreshold">An IoU of more than this suppresses.</param>
    /// <returns>The indices of the boxes kept, int64, from the highest score down.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Apply(Tensor boxes, Tensor scores, double iouThreshold)
    {
        Check(boxes, scores);
        using var scope = NewDisposeScope();
        return Suppress(boxes.detach(), scores.detach(), iouThreshold).MoveToOuterDisposeScope();
    }

    /// <summary>Suppresses within each class alone, as torchvision's <c>batched_nms</c>.</summary>
    /// <remarks>
    /// Up to 1,000 boxes on the CPU (5,000 elsewhere) each class is shifted to a place of its own and all are suppressed at once; more are suppressed class by
    /// class. The shift costs digits, so that a pair next to the threshold may come out differently: both branches are torchvision's.
    /// </remarks>
    /// <param name="boxes">[N, 4] of (x1, y1, x2, y2), of a floating type.</param>
    /// <param name="scores">[N], of the same type and device.</param>
    /// <param name="classes">[N], int64, of the same device: boxes of different numbers do not suppress each other.</param>
    /// <param name="iouThreshold">An IoU of more than this suppresses.</param>
    /// <returns>The indices of the boxes kept, int64, from the highest score down.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static Tensor Batched(Tensor boxes, Tensor scores, Tensor classes, double iouThreshold)
    {
        Check(boxes, scores);
        CheckClasses(classes, boxes);

        using var scope = NewDisposeScope();
        (boxes, scores) = (boxes.detach(), scores.detach());
        if (boxes.numel() == 0)
        {
            return torch.empty([0], ScalarType.Int64, boxes.device).MoveToOuterDisposeScope();
        }

        if (boxes.numel() > (boxes.is_cpu() ? OneByOneOnCpu : OneByOneElsewhere))
        {
            return ClassByClass(boxes, scores, classes, iouThreshold).MoveToOuterDisposeScope();
        }

        var shift = classes.to(boxes.dtype) * (boxes.max() + 1);
        return Suppress(boxes + shift.unsqueeze(1), scores, iouThreshold).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Lowers the scores of boxes that overlap a better one instead of dropping them (Bodla et al., "Soft-NMS: Improving Object Detection With One Line of Code",
    /// 2017). Computed on the host in double precision, wherever the boxes are; the authors' code adds a pixel to each side, this does not.
    /// </summary>
    /// <param name="boxes">[N, 4] of (x1, y1, x2, y2), of a floating type.</param>
    /// <param name="scores">[N], of the same type and device.</param>
    /// <param name="options">How scores are lowered, and which is too low; the paper's where null.</param>
    /// <param name="classes">[N], int64: boxes of different numbers leave each other alone; null where all are of one class.</param>
    /// <returns>The indices of the boxes kept, int64, and their scores, from the highest lowered score down.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public static (Tensor Indices, Tensor Scores) Soft(Tensor boxes, Tensor scores, SoftNmsOptions? options = null, Tensor? classes = null)
    {
        Check(boxes, scores);
        if (classes is not null)
        {
            CheckClasses(classes, boxes);
        }

        options ??= new();
        using var scope = NewDisposeScope();
        var labels = classes is null ? null : TensorMemory.Values<long>(classes.cpu());
        var (indices, lowered) = new SoftSuppression(Doubles(boxes), Doubles(scores), labels).Run(Factor, options.ScoreThreshold);
        return (tensor(indices, device: boxes.device).MoveToOuterDisposeScope(), tensor(lowered, scores.dtype, scores.device).MoveToOuterDisposeScope());

        double Factor(double overlap) => options.Method == SoftNmsMethod.Gaussian
            ? Math.Exp(-overlap * overlap / options.Sigma)
            : overlap > options.IouThreshold ? 1 - overlap : 1;

        static double[] Doubles(Tensor values) => TensorMemory.Values<double>(values.detach().to(ScalarType.Float64, CPU));
    }

    private static Tensor Suppress(Tensor boxes, Tensor scores, double iouThreshold)
    {
        if (boxes.is_cpu())
        {
            return boxes.dtype == ScalarType.Float64 ? InKernel<double>(boxes, scores, null, iouThreshold) : InKernel<float>(boxes, scores, null, iouThreshold);
        }

        var order = scores.sort(0, descending: true, stable: true).Indices;
        return order.index_select(0, NmsInTensors.Keep(boxes.index_select(0, order), iouThreshold));
    }

    private static Tensor ClassByClass(Tensor boxes, Tensor scores, Tensor classes, double iouThreshold)
    {
        if (boxes.is_cpu())
        {
            return boxes.dtype == ScalarType.Float64 ? InKernel<double>(boxes, scores, classes, iouThreshold) : InKernel<float>(boxes, scores, classes, iouThreshold);
        }

        var kept = torch.zeros_like(scores, ScalarType.Bool);
        foreach (var one in classes.unique().output.cpu().Values<long>())
        {
            using var scope = NewDisposeScope();
            var here = classes.eq(one).nonzero().squeeze(1);
            kept.index_fill_(0, here.index_select(0, Suppress(boxes.index_select(0, here), scores.index_select(0, here), iouThreshold)), 1);
        }

        var indices = kept.nonzero().squeeze(1);
        return indices.index_select(0, scores.index_select(0, indices).sort(0, descending: true, stable: true).Indices);
    }

    /// <summary>Half precision is widened to single: T is what the boxes are then.</summary>
    private static Tensor InKernel<T>(Tensor boxes, Tensor scores, Tensor? classes, double iouThreshold)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] corners = TensorMemory.Values<T>(Boxes.Wide(boxes)), values = TensorMemory.Values<T>(Boxes.Wide(scores));
        var order = ScoreOrder.Descending<T>(values);
        if (classes is null)
        {
            return tensor(new Suppression<T>(corners, order, iouThreshold).Keep().Select(place => (long)order[place]).ToArray());
        }

        var labels = TensorMemory.Values<long>(classes);
        var isKept = new bool[order.Length];
        foreach (var group in order.GroupBy(index => labels[index]))
        {
            int[] members = [.. group];
            foreach (var place in new Suppression<T>(corners, members, iouThreshold).Keep())
            {
                isKept[members[place]] = true;
            }
        }

        return tensor(order.Where(index => isKept[index]).Select(index => (long)index).ToArray());
    }

    private static void Check(Tensor boxes, Tensor scores)
    {
        BoxChecks.Boxes(boxes);
        BoxChecks.Floating(boxes, nameof(boxes));
        BoxChecks.OneForEach(scores, boxes);
        BoxChecks.Alike(scores, boxes);
    }

    private static void CheckClasses(Tensor classes, Tensor boxes)
    {
        BoxChecks.OneForEach(classes, boxes);
        if (classes.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"Expected classes of type Int64; the type is {classes.dtype}.", nameof(classes));
        }
    }
}
