using System.Numerics;
using System.Runtime.InteropServices;
using DeepTricks.Data;

namespace DeepTricks.Kernels;

/// <summary>
/// Solves min ½|w|² + Σ Cᵢ max(0, 1 − yᵢ w·xᵢ)ᵖ, p = 1 or 2, in its dual, one variable at a time, leaving out those that have settled at a bound (Hsieh et
/// al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", 2008; the method of liblinear's solvers 3 and 1). A constant feature joins the rows.
/// </summary>
internal sealed class DualCoordinateDescent
{
    private const double Negligible = 1e-12;

    private readonly ReadOnlyMemory<float> _features;
    private readonly bool[] _positive;
    private readonly int _length;
    private readonly double _constant;
    private readonly double[] _alphas, _curvatures;
    private readonly double _costPositive, _costNegative;
    private readonly bool _squared;

    /// <param name="features">The rows one after the other, as many as <paramref name="positive"/>.</param>
    /// <param name="positive">Which rows are positive.</param>
    /// <param name="squared">Whether p is 2.</param>
    /// <param name="costs">C of the positive and of the negative rows.</param>
    /// <param name="constant">The value of the feature that is the same in all rows.</param>
    public DualCoordinateDescent(ReadOnlyMemory<float> features, bool[] positive, bool squared, (double Positive, double Negative) costs, double constant)
    {
        (_features, _positive, _squared, _constant) = (features, positive, squared, constant);
        (_costPositive, _costNegative) = costs;
        _length = features.Length / positive.Length;
        Weights = new double[_length];
        _alphas = new double[positive.Length];
        _curvatures = new double[positive.Length];
        for (var row = 0; row < positive.Length; row++) _curvatures[row] = Slack(row) + SquaredNorm(Row(row)) + (constant * constant);
    }

    /// <summary>w, without the weight of the constant feature.</summary>
    public double[] Weights { get; }

    /// <summary>The weight of the constant feature.</summary>
    public double ConstantWeight { get; private set; }

    /// <summary>Goes over the rows until no gradient of the dual differs from another by more than the tolerance.</summary>
    /// <returns>Whether that came to pass within the passes allowed.</returns>
    public bool Solve(double tolerance, int passes, long seed)
    {
        var order = Enumerable.Range(0, _positive.Length).ToArray();
        var active = order.Length;
        var (upper, lower) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var pass = 0; pass < passes; pass++)
        {
            var random = new SampleRandom(seed, 0, pass);
            for (var i = 0; i < active; i++)
            {
                var other = i + random.NextInt32(active - i);
                (order[i], order[other]) = (order[other], order[i]);
            }

            var (highest, lowest) = (double.NegativeInfinity, double.PositiveInfinity);
            for (var i = 0; i < active; i++)
            {
                var row = order[i];
                var gradient = Gradient(row);
                if (HasSettled(row, gradient, upper, lower))
                {
                    active--;
                    (order[i], order[active]) = (order[active], order[i]);
                    i--;
                    continue;
                }

                var projected = Projected(row, gradient);
                (highest, lowest) = (Math.Max(highest, projected), Math.Min(lowest, projected));
                if (Math.Abs(projected) > Negligible) Step(row, gradient);
            }

            if (highest - lowest <= tolerance || active == 0)
            {
                if (active == order.Length) return true;
                // The rows that were left out have the last word.
                active = order.Length;
                (upper, lower) = (double.PositiveInfinity, double.NegativeInfinity);
                continue;
            }

            (upper, lower) = (highest > 0 ? highest : double.PositiveInfinity, lowest < 0 ? lowest : double.NegativeInfinity);
        }

        return false;
    }

    private ReadOnlySpan<float> Row(int row) => _features.Span.Slice(row * _length, _length);

    private double Cost(int row) => _positive[row] ? _costPositive : _costNegative;

    private double Sign(int row) => _positive[row] ? 1 : -1;

    private double Slack(int row) => _squared ? 0.5 / Cost(row) : 0;

    private double Bound(int row) => _squared ? double.PositiveInfinity : Cost(row);

    private double Gradient(int row) => (Sign(row) * (Dot(Weights, Row(row)) + (_constant * ConstantWeight))) - 1 + (Slack(row) * _alphas[row]);

    private bool HasSettled(int row, double gradient, double upper, double lower) =>
        (_alphas[row] == 0 && gradient > upper) || (_alphas[row] == Bound(row) && gradient < lower);

    private double Projected(int row, double gradient) =>
        _alphas[row] == 0 ? Math.Min(gradient, 0) : _alphas[row] == Bound(row) ? Math.Max(gradient, 0) : gradient;

    private void Step(int row, double gradient)
    {
        var alpha = Math.Clamp(_alphas[row] - (gradient / _curvatures[row]), 0, Bound(row));
        var step = (alpha - _alphas[row]) * Sign(row);
        _alphas[row] = alpha;
        AddScaled(Weights, Row(row), step);
        ConstantWeight += step * _constant;
    }

    private static double SquaredNorm(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var value in row) sum += (double)value * value;
        return sum;
    }

    private static double Dot(ReadOnlySpan<double> weights, ReadOnlySpan<float> row)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var halves = MemoryMarshal.Cast<double, Vector<double>>(weights);
        var (first, second) = (Vector<double>.Zero, Vector<double>.Zero);
        for (var i = 0; i < vectors.Length; i++)
        {
            Vector.Widen(vectors[i], out var low, out var high);
            first += low * halves[2 * i];
            second += high * halves[(2 * i) + 1];
        }

        var sum = Vector.Sum(first + second);
        for (var i = vectors.Length * Vector<float>.Count; i < row.Length; i++) sum += row[i] * weights[i];
        return sum;
    }

    private static void AddScaled(Span<double> weights, ReadOnlySpan<float> row, double factor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var halves = MemoryMarshal.Cast<double, Vector<double>>(weights);
        for (var i = 0; i < vectors.Length; i++)
        {
            Vector.Widen(vectors[i], out var low, out var high);
            halves[2 * i] += low * factor;
            halves[(2 * i) + 1] += high * factor;
        }

        for (var i = vectors.Length * Vector<float>.Count; i < row.Length; i++) weights[i] += row[i] * factor;
    }
}
