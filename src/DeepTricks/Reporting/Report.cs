using System.Text;
using DeepTricks.Kernels;

namespace DeepTricks.Reporting;

/// <summary>
/// A report in one HTML file: text, tables, charts and pictures. It needs no script, no network and no other file, follows the reader's
/// light or dark theme, and fits a telephone as well as a desk. The same content gives the same bytes.
/// </summary>
/// <example>
/// <code>
/// new Report("Six regularisers on MNIST")
///     .Text("Seven thousand training images, five seeds.")
///     .Heading("Error")
///     .Chart(new LineChart("Test error", new("Epoch"), new("Error", "%"), Series.OfRuns("Baseline", epochs, runs)))
///     .Table(new Table(new("Arm"), new("Error", "%") { Best = BestValue.Lowest }).Row("Baseline", 6.31))
///     .Save("report.html");
/// </code>
/// </example>
public sealed class Report
{
    private readonly StringBuilder _body = new();
    private readonly string _title;
    private int _charts;

    /// <summary>An empty report.</summary>
    /// <param name="title">Its title; not empty.</param>
    /// <exception cref="ArgumentException"><paramref name="title"/> is empty.</exception>
    public Report(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        _title = Markup.Escape(title);
    }

    /// <summary>Adds a heading.</summary>
    /// <param name="text">The heading; not empty.</param>
    /// <returns>This report.</returns>
    public Report Heading(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        _body.Append($"<h2>{Markup.Escape(text)}</h2>\n");
        return this;
    }

    /// <summary>Adds text; an empty line begins a new paragraph. Markup in it is shown as it is written.</summary>
    /// <param name="text">The text.</param>
    /// <returns>This report.</returns>
    public Report Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            _body.Append($"<p>{Markup.Escape(paragraph)}</p>\n");
        return this;
    }

    /// <summary>Adds a table as it is now.</summary>
    /// <param name="table">The table.</param>
    /// <returns>This report.</returns>
    public Report Table(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.Write(_body);
        return this;
    }

    /// <summary>Adds a chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <returns>This report.</returns>
    public Report Chart(Chart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        chart.Write(_body, $"chart{++_charts}");
        return this;
    }

    /// <summary>Adds pictures beside each other, as many to a line as fit.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <returns>This report.</returns>
    public Report Pictures(params IReadOnlyList<Picture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        _body.Append("<div class=\"pictures\">\n");
        foreach (var picture in pictures)
            _body.Append(picture.Html());
        _body.Append("</div>\n");
        return this;
    }

    /// <summary>The whole file as text.</summary>
    /// <returns>HTML that is complete in itself.</returns>
    public string ToHtml() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <title>{_title}</title>
        <style>
        {Stylesheet.Text}
        </style>
        </head>
        <body>
        <main>
        <h1>{_title}</h1>
        {_body}</main>
        </body>
        </html>

        """.ReplaceLineEndings("\n");

    /// <summary>Writes the file whole or not at all: it is written beside the old one and then takes its place.</summary>
    /// <param name="path">Where to; the folder is made where it is missing, an older report is replaced.</param>
    /// <exception cref="IOException">The file cannot be written; an older report is unchanged.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToHtml())));
    }
}
