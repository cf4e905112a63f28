using System.Text;

namespace DeepTricks.Kernels;

/// <summary>
/// The text of run lengths in COCO's files: from the fourth run on the difference to the run before the last, in groups of five bits from the
/// lowest, the sixth bit of a character saying that more follow; characters from '0' on.
/// </summary>
internal static class RunLengthText
{
    private const int Bits = 5;
    private const int More = 1 << Bits;
    private const int Sign = More >> 1;
    private const char Zero = '0';

    internal static string Write(IReadOnlyList<int> runs)
    {
        var text = new StringBuilder(runs.Count * 2);
        for (var i = 0; i < runs.Count; i++)
        {
            var value = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            bool more;
            do
            {
                var group = value & (More - 1);
                value >>= Bits;
                more = value != ((group & Sign) != 0 ? -1 : 0);
                text.Append((char)(Zero + group + (more ? More : 0)));
            }
            while (more);
        }

        return text.ToString();
    }

    /// <exception cref="ArgumentException">A character does not belong there, or the text ends within a number.</exception>
    internal static List<long> Parse(string text)
    {
        List<long> runs = [];
        for (var at = 0; at < text.Length;)
        {
            var (value, shift) = (0L, 0);
            for (var more = true; more; shift += Bits)
            {
                var group = at < text.Length ? text[at] - Zero : throw new ArgumentException("The text ends within a number.", nameof(text));
                if (group is < 0 or >= 2 * More || shift > 60)
                    throw new ArgumentException($"The character '{text[at]}' at {at} does not belong into run lengths.", nameof(text));
                value |= (long)(group & (More - 1)) << shift;
                more = (group & More) != 0;
                if (!more && (group & Sign) != 0)
                    value |= -1L << (shift + Bits);
                at++;
            }

            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
        }

        return runs;
    }
}
