using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// KL(softmax(t/T') ‖ softmax(x/T)) of each row, of the student's logits x and the teacher's t; with labels in two parts, how probable the label is
/// and how the rest is shared among the other classes. Single precision on the CPU runs in one kernel; everything else in tensor operations.
/// </summary>
/// <param name="StudentTemperature">T.</param>
/// <param name="TeacherTemperature">T'.</param>
/// <param name="Factor">What the sum of the rows' losses, or each, is multiplied by.</param>
/// <param name="PerRow">One loss for each row, in place of their sum.</param>
/// <param name="CrossEntropy">The cross-entropy in place of KL: with the entropy of the teacher, which changes no gradient. Without labels only.</param>
internal sealed record SoftLogitLoss(double StudentTemperature, double TeacherTemperature, double Factor, bool PerRow = false, bool CrossEntropy = false)
{
    /// <summary>What a logit has to be below the largest for its probability to be 0 in every floating type.</summary>
    private const double Nothing = 1000;

    /// <summary>[N], int64; null for no parts.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>The weight of the label's part.</summary>
    public double TargetWeight { get; init; } = 1;

    /// <summary>The weight of the other classes' part.</summary>
    public double OtherWeight { get; init; } = 1;

    /// <summary>The loss of logits [N, K] or [N, K, d1, …] that were checked; a scalar, or [N] and [N, d1, …].</summary>
    public Tensor Of(Tensor student, Tensor teacher)
    {
        using var scope = NewDisposeScope();
        teacher = teacher.detach();
        if (student.dim() == 2)
        {
            return OfRows(student, teacher).MoveToOuterDisposeScope();
        }

        var flat = (this with { Labels = Labels?.reshape(-1) }).OfRows(Rows(student), Rows(teacher));
        return (PerRow ? flat.reshape([student.shape[0], .. student.shape[2..]]) : flat).MoveToOuterDisposeScope();
    }

    /// <summary>The same in tensor operations, of any device and floating type, differentiable as often as wanted.</summary>
    public Tensor InTensors(Tensor student, Tensor teacher)
    {
        var (x, t) = (student / StudentTemperature, teacher / TeacherTemperature);
        if (Labels is null)
        {
            return Reduced(Divergence(x, t));
        }

        var label = arange(x.shape[1], device: x.device).eq(Labels.unsqueeze(1));
        var (xOthers, tOthers) = (Without(x, label), Without(t, label));
        var (xOdds, tOdds) = (Odds(x, xOthers), Odds(t, tOthers));
        var (yes, no) = (tOdds.sigmoid(), tOdds.neg().sigmoid());
        var binary = (yes * (SoftPlus(xOdds.neg()) - SoftPlus(tOdds.neg()))) + (no * (SoftPlus(xOdds) - SoftPlus(tOdds)));
        return Reduced((binary * TargetWeight) + (Divergence(xOthers, tOthers) * OtherWeight));

        // The log-odds of the label against all others.
        Tensor Odds(Tensor logits, Tensor others) => logits.gather(1, Labels.unsqueeze(1)).squeeze(1) - others.logsumexp(1);
    }

    private static Tensor Rows(Tensor logits) => logits.movedim([1], [-1]).reshape(-1, logits.shape[1]);

    private static Tensor SoftPlus(Tensor x) => x.clamp_min(0) + x.abs().neg().exp().log1p();

    private static Tensor Without(Tensor logits, Tensor label)
    {
        var least = logits.detach().masked_fill(label, double.NegativeInfinity).amax([1], true) - Nothing;
        return where(label, least, logits);
    }

    private Tensor OfRows(Tensor student, Tensor teacher)
    {
        if (student.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            // Sums over classes and rows do not fit into so few digits.
            return OfRows(student.to(ScalarType.Float32), teacher.to(ScalarType.Float32)).to(student.dtype);
        }

        return student.dtype == ScalarType.Float32 && student.FitsSpan() && student.numel() > 0
            ? SoftLogitFunction.apply(student, teacher, this, Labels?.Values<long>()!)
            : InTensors(student, teacher);
    }

    private Tensor Divergence(Tensor x, Tensor t)
    {
        var (xLog, tLog) = (nn.functional.log_softmax(x, 1), nn.functional.log_softmax(t, 1));
        var p = tLog.exp();
        var difference = CrossEntropy ? xLog.neg() : tLog - xLog;
        return (p * difference.masked_fill(p.eq(0), 0)).sum(1);
    }

    private Tensor Reduced(Tensor losses) => (PerRow ? losses : losses.sum()) * Factor;
}
