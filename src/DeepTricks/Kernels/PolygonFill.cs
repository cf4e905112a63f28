namespace DeepTricks.Kernels;

/// <summary>
/// Which pixels COCO gives to a polygon: its outline is drawn on a grid five times as fine, and where that crosses the middle of a column of
/// pixels, the column changes between outside and inside at the next pixel.
/// </summary>
internal static class PolygonFill
{
    private const int Fine = 5;
    private const int Middle = Fine / 2;

    /// <summary>The places, column by column, where outside and inside change, sorted; two changes at one place are none.</summary>
    internal static List<int> Toggles(IReadOnlyList<double> corners, int height, int width)
    {
        List<int> crossings = [];
        for (var i = 0; i < corners.Count; i += 2)
        {
            var next = (i + 2) % corners.Count;
            Edge(OnGrid(corners[i]), OnGrid(corners[i + 1]), OnGrid(corners[next]), OnGrid(corners[next + 1]), height, width, crossings);
        }

        crossings.Sort();
        List<int> toggles = [];
        foreach (var place in crossings)
        {
            if (toggles.Count > 0 && toggles[^1] == place)
                toggles.RemoveAt(toggles.Count - 1);
            else
                toggles.Add(place);
        }

        return toggles;
    }

    private static int OnGrid(double value) => (int)((Fine * value) + 0.5);

    /// <summary>Walks along the longer side of an edge, and notes where the outline enters another column of the fine grid.</summary>
    private static void Edge(int fromX, int fromY, int toX, int toY, int height, int width, List<int> crossings)
    {
        var flat = Math.Abs(toX - fromX) >= Math.Abs(toY - fromY);
        if (flat ? fromX > toX : fromY > toY)
            (fromX, fromY, toX, toY) = (toX, toY, fromX, fromY);
        var steps = flat ? toX - fromX : toY - fromY;
        var slope = flat ? (double)(toY - fromY) / steps : (double)(toX - fromX) / steps;
        var (lastX, lastY) = (fromX, fromY);
        for (var step = 1; step <= steps; step++)
        {
            var (x, y) = flat
                ? (fromX + step, (int)(fromY + (slope * step) + 0.5))
                : ((int)(fromX + (slope * step) + 0.5), fromY + step);
            var column = Math.Min(x, lastX) - Middle;
            if (x != lastX && column >= 0 && column % Fine == 0 && column / Fine < width)
            {
                var row = Math.Clamp(Math.Min(y, lastY) - Middle + Fine - 1, 0, height * Fine) / Fine;
                crossings.Add((column / Fine * height) + row);
            }

            (lastX, lastY) = (x, y);
        }
    }
}
