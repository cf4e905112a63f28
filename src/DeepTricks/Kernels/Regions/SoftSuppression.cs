namespace DeepTricks.Kernels;

/// <summary>Suppression that lowers scores, in double precision on the host: each step depends on all before it.</summary>
/// <param name="boxes">(x1, y1, x2, y2) for each.</param>
/// <param name="scores">One for each; they are lowered in place.</param>
/// <param name="classes">Boxes of different classes leave each other alone; null where there is one class.</param>
internal sealed class SoftSuppression(double[] boxes, double[] scores, long[]? classes)
{
    /// <summary>Takes the best box that is left, lowers the scores of the others, and so on until no score is high enough.</summary>
    /// <param name="factor">What a score is multiplied by, from the IoU with a better box.</param>
    /// <param name="least">The lowest score that is kept.</param>
    /// <returns>The boxes in the order in which they were taken, with their last scores.</returns>
    public (long[] Indices, double[] Scores) Run(Func<double, double> factor, double least)
    {
        var left = Enumerable.Range(0, scores.Length).Where(i => scores[i] >= least).ToList();
        var (indices, final) = (new List<long>(), new List<double>());
        while (left.Count > 0)
        {
            // Of equal scores the first box wins.
            var place = 0;
            for (var i = 1; i < left.Count; i++)
            {
                if (scores[left[i]] > scores[left[place]])
                {
                    place = i;
                }
            }

            var best = left[place];
            left.RemoveAt(place);
            indices.Add(best);
            final.Add(scores[best]);
            left.RemoveAll(other => Lowered(best, other, factor) < least);
        }

        return ([.. indices], [.. final]);
    }

    private double Lowered(int best, int other, Func<double, double> factor)
    {
        if (classes is null || classes[best] == classes[other])
        {
            var overlap = Overlap(boxes.AsSpan(4 * best, 4), boxes.AsSpan(4 * other, 4));
            if (overlap > 0)
            {
                scores[other] *= factor(overlap);
            }
        }

        return scores[other];
    }

    private static double Overlap(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var intersection = Math.Max(Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]), 0) * Math.Max(Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]), 0);
        return intersection / (((a[2] - a[0]) * (a[3] - a[1])) + ((b[2] - b[0]) * (b[3] - b[1])) - intersection);
    }
}
