namespace DeepTricks.Kernels;

/// <summary>Distances of all pairs of points over their mean, and the smooth L1 distance of two networks' such distances summed over the B² pairs.</summary>
/// <param name="points">The points.</param>
/// <param name="epsilon">Squared distances are at least this; where they are less, no gradient passes.</param>
/// <param name="offset">What is added to the mean that distances are divided by.</param>
internal sealed class PairDistances(PairGeometry points, double epsilon, double offset)
{
    private readonly double[] _distances = DistancesOf(points, epsilon);

    /// <summary>The sum; where slopes are given, its gradient by this network's products is added to them, times a factor.</summary>
    public double SumAgainst(PairDistances teacher, double[]? slopes, double factor)
    {
        var (scale, teacherScale) = (Scale(), teacher.Scale());
        double sum = 0, turn = 0;
        var gradients = slopes is null ? [] : new double[_distances.Length];
        for (var i = 0; i < _distances.Length; i++)
        {
            var difference = (_distances[i] * scale) - (teacher._distances[i] * teacherScale);
            var slope = Math.Clamp(difference, -1, 1);
            sum += slope * (difference - (slope / 2));
            if (slopes is not null)
            {
                gradients[i] = slope * scale;
                turn += slope * _distances[i];
            }
        }

        if (slopes is not null)
        {
            AddSlopes(slopes, gradients, turn * scale * scale / Pairs, factor);
        }

        return sum;
    }

    private double Pairs => (double)points.Count * (points.Count - 1);

    private double Scale() => 1 / ((_distances.Sum() / Pairs) + offset);

    /// <summary>Through the root and the products: |ij|² = x_i·x_i + x_j·x_j − 2 x_i·x_j.</summary>
    private void AddSlopes(double[] slopes, double[] gradients, double ofMean, double factor)
    {
        var (count, stride) = (points.Count, points.Stride);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var distance = _distances[(i * count) + j];
                if (i == j || distance * distance <= epsilon)
                {
                    continue;
                }

                var slope = (gradients[(i * count) + j] - ofMean) / (2 * distance) * factor;
                slopes[(i * stride) + i] += slope;
                slopes[(j * stride) + j] += slope;
                slopes[(i * stride) + j] -= 2 * slope;
            }
        }
    }

    private static double[] DistancesOf(PairGeometry points, double epsilon)
    {
        var (count, stride) = (points.Count, points.Stride);
        var distances = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var inverse = points.Inverses[(i * stride) + j];
                distances[(i * count) + j] = i == j ? 0 : Math.Max(inverse == 0 ? 0 : 1 / inverse, Math.Sqrt(epsilon));
            }
        }

        return distances;
    }
}
