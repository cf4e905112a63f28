using System.Globalization;
using System.Text;

namespace DeepTricks.Reporting;

/// <summary>Writes the few SVG elements that charts are made of. Colours are classes: the stylesheet knows both themes.</summary>
/// <param name="id">The drawing's own id, unique in the page.</param>
internal sealed class SvgWriter(string id)
{
    internal const int Colors = 8;
    private readonly StringBuilder _body = new();

    internal string Id => id;

    /// <summary>What was drawn so far, without the enclosing element.</summary>
    public override string ToString() => _body.ToString();

    internal void Open(int slot) => Append($"<g class=\"c{(int)((uint)slot % Colors)}\">\n");

    internal void Close() => Append($"</g>\n");

    internal void Line(double x1, double y1, double x2, double y2, string style)
        => Append($"<path class=\"{style}\" d=\"M{x1:0.#} {y1:0.#}L{x2:0.#} {y2:0.#}\"/>\n");

    internal void Path(string data, string style)
    {
        if (data.Length > 0)
            Append($"<path class=\"{style}\" d=\"{data}\"/>\n");
    }

    internal void Rectangle(double x, double y, double width, double height, string style)
        => Append($"<rect class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\"/>\n");

    /// <summary>Begins a group of which only what lies in the rectangle is seen.</summary>
    internal void OpenClip(double x, double y, double width, double height)
    {
        Append($"<clipPath id=\"{id}-clip\"><rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\"/></clipPath>\n");
        Append($"<g clip-path=\"url(#{id}-clip)\">\n");
    }

    /// <summary>Text on a baseline; <paramref name="anchor"/> is start, middle or end.</summary>
    internal void Text(double x, double baseline, string text, string anchor = "start", string style = "label")
        => Append($"<text class=\"{style}\" x=\"{x:0.#}\" y=\"{baseline:0.#}\"{(anchor == "start" ? "" : $" text-anchor=\"{anchor}\"")}>{Markup.Escape(text)}</text>\n");

    /// <summary>Lines of text around a centre, each vertically where its height asks.</summary>
    internal void Lines(double x, double centre, string[] lines, ChartLayout layout, string anchor = "start", string style = "label")
    {
        var baseline = centre - lines.Length * layout.LineHeight / 2 + layout.LineHeight * 0.76;
        foreach (var line in lines)
        {
            Text(x, baseline, line, anchor, style);
            baseline += layout.LineHeight;
        }
    }

    private void Append(FormattableString text) => _body.Append(text.ToString(CultureInfo.InvariantCulture));
}
