using System.Globalization;

namespace DeepTricks.Data;

/// <summary>
/// How a hand writes the ten digits: for each, a few ways, each a list of strokes, each a list of points that a smooth curve passes
/// through.
/// </summary>
internal static class DigitStrokes
{
    // Points are x,y in percent of the digit's box, y downwards; '/' lifts or turns the pen.
    private static readonly string[][] Ways =
    [
        [
            "52,4 28,14 16,45 24,82 48,98 72,86 84,52 76,18 52,4",
            "62,8 36,6 16,38 20,78 46,97 76,84 86,46 70,12 44,3",
            "40,6 18,36 22,76 46,98 74,88 84,54 74,20 50,4 34,12",
        ],
        [
            "50,0 50,50 50,100",
            "54,0 51,50 46,100",
            "32,24 44,13 54,1 / 54,1 53,50 51,100",
            "34,22 52,1 / 52,1 52,50 52,98 / 30,98 52,98 74,97",
        ],
        [
            "20,24 34,6 58,3 76,18 72,40 48,68 18,96 / 18,96 50,94 84,97",
            "18,26 32,7 58,3 77,20 70,44 48,72 26,93 14,89 24,78 44,86 64,97 90,90",
            "24,18 44,3 68,8 76,28 62,54 38,78 16,96 / 16,96 46,90 66,95 86,94",
        ],
        [
            "22,12 46,2 70,10 74,28 60,44 38,48 / 38,48 66,52 80,70 70,92 44,99 20,90",
            "22,6 50,4 76,5 / 76,5 62,22 44,42 / 44,42 70,49 80,72 64,95 36,98 18,88",
            "26,10 50,1 72,14 68,36 46,47 52,48 76,60 78,84 54,99 24,94",
        ],
        [
            "26,4 20,34 18,56 50,58 86,54 / 70,4 67,50 62,100",
            "64,2 40,30 14,62 / 14,62 50,62 88,61 / 64,2 63,50 62,100",
            "30,2 22,28 26,50 48,54 68,42 / 74,2 70,50 66,100",
        ],
        [
            "76,4 52,4 32,5 / 32,5 28,24 24,44 / 24,44 46,38 70,46 80,68 68,90 42,98 18,90",
            "82,2 56,5 34,6 / 34,6 28,44 / 28,44 52,36 76,50 76,78 52,97 22,94",
            "36,6 30,24 28,42 50,42 72,54 74,78 54,96 22,96 / 36,6 58,8 82,3",
        ],
        [
            "66,2 42,18 24,46 18,74 32,95 56,97 74,82 70,62 52,54 32,62 20,78",
            "56,0 36,30 22,62 26,90 50,99 74,88 76,68 56,56 32,66 23,82",
            "74,6 48,10 26,40 20,72 36,97 62,94 72,76 58,62 38,68 28,84",
        ],
        [
            "16,8 50,6 84,5 / 84,5 62,40 44,100",
            "16,8 50,6 84,5 / 84,5 64,42 50,100 / 38,52 58,50 80,50",
            "15,22 18,9 50,8 82,6 / 82,6 62,46 54,100",
        ],
        [
            "66,14 44,3 26,16 34,36 56,52 74,72 66,94 42,98 24,84 34,62 56,46 74,28 66,14",
            "50,48 28,34 30,10 52,2 72,12 70,34 50,48 24,64 22,88 50,99 78,88 76,64 50,48",
            "74,10 48,3 28,18 42,42 64,60 70,84 48,99 28,86 36,62 60,40 76,14",
        ],
        [
            "74,26 58,6 34,8 22,28 32,48 56,46 74,26 / 74,22 72,60 66,100",
            "76,30 60,5 34,8 22,30 36,49 60,42 76,22 / 76,22 78,60 64,92 36,98 24,90",
            "70,14 46,3 24,22 30,46 54,48 72,20 70,50 60,78 50,100",
        ],
    ];

    private static readonly (float X, float Y)[][][][] Parsed = [.. Ways.Select(ways => ways.Select(Parse).ToArray())];

    /// <summary>The ways to write a digit.</summary>
    public static (float X, float Y)[][][] Of(int digit) => Parsed[digit];

    private static (float X, float Y)[][] Parse(string strokes) =>
        [.. strokes.Split('/', StringSplitOptions.TrimEntries).Select(stroke => stroke.Split(' ').Select(Point).ToArray())];

    private static (float X, float Y) Point(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return (Percent(text.AsSpan(0, comma)), Percent(text.AsSpan(comma + 1)));
    }

    private static float Percent(ReadOnlySpan<char> text) => float.Parse(text, CultureInfo.InvariantCulture) / 100;
}
