using DeepTricks.Data;

namespace DeepTricks.Detection;

/// <summary>
/// The detections and objects of one class in one picture, matched for each size and each threshold. Thresholds are bits: for each size and
/// detection, whether it found an object that counts, and whether it counts for nothing.
/// </summary>
internal sealed class CocoMatching
{
    internal const int Sizes = 4;
    internal const int MostDetections = 100;
    private const double JustBelowOne = 1 - 1e-10;
    private static readonly (double From, double To)[] Ranges = [(0, 1e10), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e10)];

    internal CocoMatching(IReadOnlyList<ObjectAnnotation> truth, IEnumerable<DetectedObject> detections, OverlapKind kind)
    {
        // A stable order: of equal scores, the first one given comes first.
        var found = detections.OrderByDescending(one => one.Score).Take(MostDetections).ToArray();
        Scores = Array.ConvertAll(found, one => one.Score);
        (Found, Ignored, Counted) = (new ushort[Sizes][], new ushort[Sizes][], new int[Sizes]);
        var overlaps = new double[found.Length, truth.Count];
        for (var d = 0; d < found.Length; d++)
        {
            for (var g = 0; g < truth.Count; g++)
                overlaps[d, g] = Overlap(found[d], truth[g], kind);
        }

        for (var size = 0; size < Sizes; size++)
            Match(size, truth, found, overlaps, kind);
    }

    /// <summary>The 10 thresholds 0.5, 0.55 ... 0.95, to the bit those of numpy's linspace.</summary>
    internal static double[] Thresholds { get; } = [.. Enumerable.Range(0, 10).Select(i => i == 9 ? 0.95 : 0.5 + (i * ((0.95 - 0.5) / 9)))];

    /// <summary>The scores, from the highest.</summary>
    internal double[] Scores { get; }

    /// <summary>[size][detection], a bit for each threshold.</summary>
    internal ushort[][] Found { get; }

    /// <summary>[size][detection], a bit for each threshold.</summary>
    internal ushort[][] Ignored { get; }

    /// <summary>The number of objects that should be found, of each size.</summary>
    internal int[] Counted { get; }

    private static double Overlap(DetectedObject found, ObjectAnnotation truth, OverlapKind kind) =>
        kind == OverlapKind.Boxes
            ? found.Box.IntersectionOverUnion(truth.Box, truth.IsCrowd)
            : found.Mask!.IntersectionOverUnion(truth.Mask!, truth.IsCrowd);

    private void Match(int size, IReadOnlyList<ObjectAnnotation> truth, DetectedObject[] found, double[,] overlaps, OverlapKind kind)
    {
        var ignored = new bool[truth.Count];
        for (var g = 0; g < ignored.Length; g++)
            ignored[g] = truth[g].IsCrowd || truth[g].IsDifficult || IsOutside(truth[g].Area, size);
        Counted[size] = ignored.Count(one => !one);

        // What counts is tried first.
        var order = Enumerable.Range(0, truth.Count).OrderBy(g => ignored[g]).ToArray();
        var taken = new ushort[truth.Count];
        var (hits, passes) = (new ushort[found.Length], new ushort[found.Length]);
        for (var d = 0; d < found.Length; d++)
        {
            var outside = IsOutside(kind == OverlapKind.Boxes ? found[d].Box.Area : found[d].Mask!.Area, size);
            for (var t = 0; t < Thresholds.Length; t++)
            {
                var bit = (ushort)(1 << t);
                var match = Best(d, bit, Math.Min(Thresholds[t], JustBelowOne));
                if (match >= 0)
                    taken[match] |= bit;
                if (match >= 0 && !ignored[match])
                    hits[d] |= bit;
                else if (match >= 0 || outside)
                    passes[d] |= bit;
            }
        }

        (Found[size], Ignored[size]) = (hits, passes);

        int Best(int d, ushort bit, double overlap)
        {
            var best = -1;
            foreach (var g in order)
            {
                if ((taken[g] & bit) != 0 && !truth[g].IsCrowd)
                    continue;
                if (best >= 0 && !ignored[best] && ignored[g])
                    break;
                if (overlaps[d, g] < overlap)
                    continue;
                (overlap, best) = (overlaps[d, g], g);
            }

            return best;
        }
    }

    private static bool IsOutside(double area, int size) => area < Ranges[size].From || area > Ranges[size].To;
}
