using System.Globalization;
using System.Text;

namespace DeepTricks.Reporting;

/// <summary>Text and numbers as HTML takes them, the same in every culture.</summary>
internal static class Markup
{
    private static readonly string[] Superscripts = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

    /// <summary>Text for an element or a quoted attribute; characters that HTML forbids become U+FFFD.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' => escaped.Append((char)rune.Value),
                < 0x20 or (>= 0x7f and < 0xa0) => escaped.Append('\ufffd'),
                _ => escaped.Append(rune.ToString()),
            };
        }
        return escaped.ToString();
    }

    /// <summary>A number with a real minus sign.</summary>
    internal static string Number(double value, string format) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−'),
    };

    /// <summary>A number with about four digits, for labels and for the tables behind the charts.</summary>
    internal static string Short(double value) => Math.Abs(value) is (>= 1e-3 and < 1e5) or 0 or double.NaN or double.PositiveInfinity
        ? Number(value, Math.Abs(value) switch { < 0.1 => "0.#####", < 10 => "0.###", < 1000 => "0.##", _ => "0.#" })
        : Scientific(value);

    /// <summary>The format that shows numbers up to this size with three or four digits, so that their decimals stand under each other.</summary>
    internal static string Format(double largest) => Math.Abs(largest) switch
    {
        0 or double.NaN => "0.0",
        < 1e-3 or >= 1e6 => "0.00E+0",
        <= 1 => "0.000",
        < 10 => "0.00",
        < 1000 => "0.0",
        _ => "0",
    };

    /// <summary>How to write an axis' numbers in a table: each for itself on a logarithmic axis, else with the same decimals, one more than a label has.</summary>
    internal static Func<double, string> Formatter(Axis axis, IEnumerable<double> values)
    {
        if (axis.Logarithmic)
            return Short;
        double[] shown = [.. values.Where(axis.CanShow)];
        var largest = shown.Select(Math.Abs).DefaultIfEmpty(0).Max();
        var format = largest < 1e6 && shown.All(double.IsInteger) ? "0" : Format(largest / 10);
        return value => Number(value, format);
    }

    /// <summary>A number as mantissa and power of ten, such as 2×10⁻⁴.</summary>
    internal static string Scientific(double value)
    {
        var parts = value.ToString("0.##E+0", CultureInfo.InvariantCulture).Split('E');
        var exponent = new StringBuilder();
        foreach (var character in parts[1])
            exponent.Append(character switch { '+' => "", '-' => "⁻", _ => Superscripts[character - '0'] });
        var power = $"10{exponent}";
        return parts[0] switch { "1" => power, "-1" => $"−{power}", var mantissa => $"{mantissa.Replace('-', '−')}×{power}" };
    }
}
