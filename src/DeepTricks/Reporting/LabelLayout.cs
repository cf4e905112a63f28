using System.Text;

namespace DeepTricks.Reporting;

/// <summary>How wide labels are, where they break, and where they stand so that none covers another.</summary>
internal static class LabelLayout
{
    /// <summary>About the width of a text in a common sans-serif font, rather too wide than too narrow.</summary>
    internal static double Width(string text, double fontSize)
    {
        var widths = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            widths += rune.Value switch
            {
                'i' or 'l' or 'j' or 't' or 'f' or 'r' or '.' or ',' or ':' or ';' or '|' or '\'' or '!' or '(' or ')' or '[' or ']' or ' ' or 'I' or '-' => 0.4,
                'm' or 'w' or 'M' or 'W' or '%' or '@' or '—' or '±' or '×' => 0.98,
                >= 'A' and <= 'Z' => 0.73,
                >= 0x2e80 => 1.05,
                _ => 0.62,
            };
        }
        return widths * fontSize;
    }

    /// <summary>The text in lines no wider than <paramref name="width"/>, broken between words and inside a word only where it alone is wider.</summary>
    internal static string[] Wrap(string text, double width, double fontSize)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (Width(longer, fontSize) <= width)
            {
                line = longer;
                continue;
            }
            if (line.Length > 0)
                lines.Add(line);
            line = Cut(word, width, fontSize, lines);
        }
        lines.Add(line);
        return [.. lines];
    }

    /// <summary>
    /// The centres nearest to the desired ones (least squares) at which boxes of these heights do not overlap, between
    /// <paramref name="top"/> and <paramref name="bottom"/>, in the order of the desired centres. Boxes that together are higher
    /// than that run over the bottom.
    /// </summary>
    internal static double[] Separate(IReadOnlyList<double> desired, IReadOnlyList<double> heights, double top, double bottom)
    {
        int[] order = [.. Enumerable.Range(0, desired.Count).OrderBy(i => desired[i])];
        // Boxes that touch form a block, which wants the mean of what its members want; blocks merge until none overlap.
        var blocks = new List<(double Top, double Height, double Wish, int Count)>();
        foreach (var i in order)
        {
            var block = (Top: 0.0, Height: heights[i], Wish: desired[i] - heights[i] / 2, Count: 1);
            block.Top = Clamp(block.Wish, block.Height);
            while (blocks.Count > 0 && blocks[^1] is var above && above.Top + above.Height > block.Top)
            {
                // What a box below the first of its block wants, it wants of the block's top.
                block = (0, above.Height + block.Height, above.Wish + block.Wish - block.Count * above.Height, above.Count + block.Count);
                block.Top = Clamp(block.Wish / block.Count, block.Height);
                blocks.RemoveAt(blocks.Count - 1);
            }
            blocks.Add(block);
        }

        var centres = new double[desired.Count];
        var next = 0;
        foreach (var block in blocks)
        {
            var y = block.Top;
            for (var member = 0; member < block.Count; member++, next++)
            {
                centres[order[next]] = y + heights[order[next]] / 2;
                y += heights[order[next]];
            }
        }
        return centres;

        double Clamp(double y, double height) => Math.Max(top, Math.Min(y, bottom - height));
    }

    private static string Cut(string word, double width, double fontSize, List<string> lines)
    {
        var part = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            if (part.Length > 0 && Width(part.ToString() + rune, fontSize) > width)
            {
                lines.Add(part.ToString());
                part.Clear();
            }
            part.Append(rune.ToString());
        }
        return part.ToString();
    }
}
