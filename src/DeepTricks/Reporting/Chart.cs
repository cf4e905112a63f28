using System.Globalization;
using System.Text;

namespace DeepTricks.Reporting;

/// <summary>A chart of a <see cref="Report"/>: a <see cref="LineChart"/>, <see cref="ScatterChart"/>, <see cref="BarChart"/> or <see cref="DensityChart"/>.</summary>
/// <remarks>Colours are told apart by readers with any common colour blindness, and stand at 4.5 : 1 or more against the page, light or dark.</remarks>
public abstract record Chart
{
    private protected Chart(string title, Axis x)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(x);
        x.Check(nameof(x));
        (Title, X) = (title, x);
    }

    /// <summary>What the chart shows: its heading.</summary>
    public string Title { get; }

    /// <summary>The horizontal axis.</summary>
    public Axis X { get; }

    /// <summary>What to see in it, under the heading. Default: empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>What the drawing says, for readers who cannot see it.</summary>
    internal abstract string Summary { get; }

    /// <summary>What the drawing itself needs said under the heading.</summary>
    internal virtual string Note => "";

    /// <summary>Draws the chart and returns its height.</summary>
    internal abstract double Draw(SvgWriter svg, ChartLayout layout);

    /// <summary>The numbers behind the drawing.</summary>
    internal abstract Table Numbers();

    internal void Write(StringBuilder html, string id)
    {
        html.Append($"<figure class=\"chart\">\n<figcaption><strong>{Markup.Escape(Title)}</strong>");
        var description = string.Join(' ', new[] { Description, Note }.Where(text => text.Length > 0));
        if (description.Length > 0)
            html.Append($"<span>{Markup.Escape(description)}</span>");
        html.Append("</figcaption>\n");
        foreach (var layout in (ReadOnlySpan<ChartLayout>)[ChartLayout.Wide, ChartLayout.Narrow])
        {
            var svg = new SvgWriter($"{id}-{layout.Name}");
            var height = Draw(svg, layout);
            html.Append(CultureInfo.InvariantCulture, $"<svg class=\"{layout.Name}\" viewBox=\"0 0 {layout.Width} {Math.Ceiling(height)}\" font-size=\"{layout.FontSize}\" role=\"img\" aria-labelledby=\"{svg.Id}-title {svg.Id}-desc\">\n");
            html.Append($"<title id=\"{svg.Id}-title\">{Markup.Escape(Title)}</title>\n<desc id=\"{svg.Id}-desc\">{Markup.Escape(Summary)}</desc>\n");
            html.Append(svg).Append("</svg>\n");
        }
        html.Append("<details><summary>The numbers</summary>\n");
        Numbers().Write(html);
        html.Append("</details>\n</figure>\n");
    }
}
