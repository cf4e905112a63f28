using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepTricks.Kernels;

namespace DeepTricks.Distillation;

/// <summary>
/// The losses of <see cref="SoftLogitLoss"/> for rows of logits in single precision, and their gradient by the student's. Nothing of the size of the
/// logits is stored but the gradient: its pass computes the probabilities anew, which costs less than to read them from memory.
/// </summary>
internal sealed unsafe class SoftLogitKernel(SoftLogitLoss loss)
{
    private readonly float _studentScale = (float)(1 / loss.StudentTemperature);
    private readonly float _teacherScale = (float)(1 / loss.TeacherTemperature);

    /// <summary>Writes the loss of each row, and what <see cref="Backward"/> needs of it.</summary>
    public void Forward(float* student, float* teacher, long[]? labels, int classes, float[] losses, SoftLogitRow[] state) =>
        RowParallel.For(state.Length, classes, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var at = row * classes;
                losses[row] = Loss(new(student + at, classes), new(teacher + at, classes), labels is null ? -1 : (int)labels[row], out state[row]);
            }
        });

    /// <summary>Writes the gradient of Σ upstream · loss. One upstream value serves all rows, or there is one for each.</summary>
    public void Backward(float* student, float* teacher, long[]? labels, int classes, SoftLogitRow[] state, float[] upstream, float* gradient) =>
        RowParallel.For(state.Length, classes, (from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var at = row * classes;
                var scale = upstream[upstream.Length == 1 ? 0 : row] * _studentScale;
                var into = new Span<float>(gradient + at, classes);
                if (labels is null)
                {
                    Slope(new(student + at, classes), new(teacher + at, classes), state[row], scale, scale, into);
                    continue;
                }

                var (target, other) = ((float)loss.TargetWeight * state[row].Excess, (float)loss.OtherWeight);
                Slope(new(student + at, classes), new(teacher + at, classes), state[row], scale * (other - target), scale * other, into);
                into[(int)labels[row]] = scale * target;
            }
        });

    private float Loss(ReadOnlySpan<float> student, ReadOnlySpan<float> teacher, int label, out SoftLogitRow state)
    {
        SoftLogitBlocks x = new(student, label), t = new(teacher, label);
        var (studentMaximum, teacherMaximum) = (x.Maximum(), t.Maximum());
        Vector<float> xShift = new(studentMaximum), tShift = new(teacherMaximum), xScale = new(_studentScale), tScale = new(_teacherScale);
        Vector<float> xSum = Vector<float>.Zero, tSum = Vector<float>.Zero, cross = Vector<float>.Zero;
        var minusEntropy = new Vector<float>(loss.CrossEntropy ? 0 : 1);
        for (var i = 0; i < x.Count; i++)
        {
            var (xLog, tLog) = ((x[i] - xShift) * xScale, (t[i] - tShift) * tScale);
            var p = VectorExp.Of(tLog);
            xSum += VectorExp.Of(xLog);
            tSum += p;
            // Where the teacher sees no probability, logits of −∞ do not matter.
            cross += Vector.ConditionalSelect(Vector.Equals(p, Vector<float>.Zero), Vector<float>.Zero, p * ((tLog * minusEntropy) - xLog));
        }

        var tTotal = Vector.Sum(tSum);
        var (xLogSum, tLogSum) = (MathF.Log(Vector.Sum(xSum)), MathF.Log(tTotal));
        var value = (Vector.Sum(cross) / tTotal) + xLogSum - (loss.CrossEntropy ? 0 : tLogSum);
        var excess = 0.0;
        if (label >= 0)
        {
            var xOdds = ((student[label] - studentMaximum) * _studentScale) - xLogSum;
            var tOdds = ((teacher[label] - teacherMaximum) * _teacherScale) - tLogSum;
            value = (float)((loss.TargetWeight * Binary(xOdds, tOdds, out excess)) + (loss.OtherWeight * value));
        }

        state = new(studentMaximum, xLogSum, teacherMaximum, tLogSum, (float)excess);
        return value;
    }

    /// <summary>KL between two events of these log-odds, and the difference of their probabilities.</summary>
    private static double Binary(double x, double t, out double excess)
    {
        double p = 1 / (1 + Math.Exp(-t)), rest = 1 / (1 + Math.Exp(t));
        excess = (1 / (1 + Math.Exp(-x))) - p;
        return (p * (SoftPlus(-x) - SoftPlus(-t))) + (rest * (SoftPlus(x) - SoftPlus(t)));
    }

    private static double SoftPlus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));

    /// <summary>Writes own · p(student) − other · p(teacher).</summary>
    private void Slope(ReadOnlySpan<float> student, ReadOnlySpan<float> teacher, SoftLogitRow state, float own, float other, Span<float> gradient)
    {
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        SoftLogitBlocks x = new(student, -1), t = new(teacher, -1);
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Slope(x[i], t[i], state, own, other);
        }

        var done = outputs.Length * Vector<float>.Count;
        if (done < gradient.Length)
        {
            var rest = Slope(x[outputs.Length], t[outputs.Length], state, own, other);
            for (var i = done; i < gradient.Length; i++)
            {
                gradient[i] = rest[i - done];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Slope(Vector<float> x, Vector<float> t, SoftLogitRow state, float own, float other) =>
        (VectorExp.Of(((x - new Vector<float>(state.StudentMaximum)) * _studentScale) - new Vector<float>(state.StudentLogSum)) * own)
        - (VectorExp.Of(((t - new Vector<float>(state.TeacherMaximum)) * _teacherScale) - new Vector<float>(state.TeacherLogSum)) * other);
}
