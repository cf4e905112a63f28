using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepTricks.Kernels;

/// <summary>
/// The smooth L1 distance of all angles that triplets of points make, summed over the B³ triplets. The cosine at a between b and c is
/// (x_b·x_c − x_a·x_b − x_a·x_c + x_a·x_a) / (|ab| |ac|), so that neither differences nor angles are ever stored.
/// </summary>
internal sealed class AngleTriplets(PairGeometry student, PairGeometry teacher)
{
    /// <summary>Operations for each triplet, as the split over threads counts them.</summary>
    private const int WorkPerTriplet = 8;

    private readonly int _count = student.Count;
    private readonly int _stride = student.Stride;

    /// <summary>The sum; where slopes are given, its gradient by the student's products is added to them, times a factor.</summary>
    public double Sum(double[]? slopes, double factor)
    {
        var sums = new double[_count];

        // What a pair (a, b) adds for each c to the products of a: [a, b].
        var ofPairs = slopes is null ? [] : new double[_count * _count];
        RowParallel.For(_count, (long)_count * _count * WorkPerTriplet, (from, to) =>
        {
            var own = new double[_stride];
            for (var b = (int)from; b < to; b++)
            {
                own.AsSpan().Clear();
                double diagonal = 0;
                for (var a = 0; a < _count; a++)
                {
                    if (a == b)
                    {
                        continue;
                    }

                    var (sum, weight, turn) = Row(a, b, own);
                    sums[b] += sum;
                    if (slopes is not null)
                    {
                        var inverse = student.Inverses[(a * _stride) + b];
                        ofPairs[(a * _count) + b] = (weight * inverse) - (turn * inverse * inverse);
                        diagonal += turn * inverse * inverse;
                    }
                }

                if (slopes is not null)
                {
                    own[b] -= diagonal;
                    for (var c = 0; c < _count; c++)
                    {
                        slopes[(b * _stride) + c] += own[c] * factor;
                    }
                }
            }
        });
        if (slopes is not null)
        {
            AddPairs(slopes, ofPairs, factor);
        }

        return sums.Sum();
    }

    /// <summary>All c for one a and b: the sum of the losses, Σ slope / |ac| and Σ slope · angle; the gradient of x_b·x_c is added to a row.</summary>
    private (double Sum, double Weight, double Turn) Row(int a, int b, double[] gradient)
    {
        var own = new Side(student, a, b);
        var theirs = new Side(teacher, a, b);
        var row = MemoryMarshal.Cast<double, Vector<double>>(gradient.AsSpan());
        Vector<double> sum = default, weight = default, turn = default;
        var scale = new Vector<double>(own.Inverse);
        for (var i = 0; i < row.Length; i++)
        {
            var angle = own.Cosines(i);
            var difference = angle - theirs.Cosines(i);
            var slope = Vector.Min(Vector.Max(difference, -Vector<double>.One), Vector<double>.One);
            sum += slope * (difference - (slope * 0.5));
            turn += slope * angle;
            var weighted = slope * own.Inverses[i];
            weight += weighted;
            row[i] += weighted * scale;
        }

        return (Vector.Sum(sum), Vector.Sum(weight), Vector.Sum(turn));
    }

    private void AddPairs(double[] slopes, double[] ofPairs, double factor)
    {
        for (var a = 0; a < _count; a++)
        {
            double all = 0;
            for (var b = 0; b < _count; b++)
            {
                slopes[(a * _stride) + b] -= 2 * ofPairs[(a * _count) + b] * factor;
                all += ofPairs[(a * _count) + b];
            }

            slopes[(a * _stride) + a] += all * factor;
        }
    }

    /// <summary>One network's cosines at a between b and each c.</summary>
    private readonly ref struct Side
    {
        private readonly ReadOnlySpan<Vector<double>> _ofA;
        private readonly ReadOnlySpan<Vector<double>> _ofB;
        private readonly Vector<double> _shift;
        private readonly Vector<double> _scale;

        public Side(PairGeometry points, int a, int b)
        {
            var stride = points.Stride;
            _ofA = Vectors(points.Products, a, stride);
            _ofB = Vectors(points.Products, b, stride);
            Inverses = Vectors(points.Inverses, a, stride);
            Inverse = points.Inverses[(a * stride) + b];
            _shift = new(points.Products[(a * stride) + a] - points.Products[(a * stride) + b]);
            _scale = new(Inverse);
        }

        /// <summary>1 / |ac|.</summary>
        public ReadOnlySpan<Vector<double>> Inverses { get; }

        /// <summary>1 / |ab|.</summary>
        public double Inverse { get; }

        public Vector<double> Cosines(int i) => (_ofB[i] - _ofA[i] + _shift) * Inverses[i] * _scale;

        private static ReadOnlySpan<Vector<double>> Vectors(double[] matrix, int row, int stride) =>
            MemoryMarshal.Cast<double, Vector<double>>(matrix.AsSpan(row * stride, stride));
    }
}
