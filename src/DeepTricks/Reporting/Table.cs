using System.Text;

namespace DeepTricks.Reporting;

/// <summary>A table whose numbers stand under each other and whose best values are marked.</summary>
/// <example>
/// <code>
/// var table = new Table(new("Arm"), new("Test error", "%") { Best = BestValue.Lowest })
///     .Row("Baseline", new TableCell(6.31, spread: 0.2))
///     .Row("Label smoothing", 5.92);
/// </code>
/// </example>
public sealed class Table
{
    private readonly TableColumn[] _columns;
    private readonly List<TableCell[]> _rows = [];

    /// <summary>A table without rows yet.</summary>
    /// <param name="columns">Its columns, at least one; the first one names the rows.</param>
    /// <exception cref="ArgumentException">There are no columns.</exception>
    public Table(params IReadOnlyList<TableColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            throw new ArgumentException("The table got no column; expected at least one.", nameof(columns));
        _columns = [.. columns];
    }

    /// <summary>Said above the table. Default: empty.</summary>
    public string Caption { get; init; } = "";

    /// <summary>The number of rows.</summary>
    public int RowCount => _rows.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One cell for each column: texts, numbers, cells with a spread, or pictures.</param>
    /// <returns>This table.</returns>
    /// <exception cref="ArgumentException">There are more or fewer cells than columns.</exception>
    public Table Row(params IReadOnlyList<TableCell> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Count != _columns.Length)
            throw new ArgumentException($"The row got {cells.Count} cells; expected {_columns.Length}, one for each column.", nameof(cells));
        _rows.Add([.. cells]);
        return this;
    }

    internal void Write(StringBuilder html)
    {
        var style = new string[_columns.Length];
        var best = new string?[_columns.Length];
        for (var column = 0; column < _columns.Length; column++)
        {
            style[column] = _columns[column].HoldsNumbers || _rows.Any(row => row[column].Value is not null) ? " class=\"number\""
                : _rows.Any(row => row[column].Picture is not null) ? " class=\"shown\"" : "";
            best[column] = Best(column);
        }

        // The box scrolls where the table is wider than the page, with the keyboard too.
        var name = Markup.Escape(Caption.Length == 0 ? "Table" : Caption);
        html.Append($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\"><table>\n");
        if (Caption.Length > 0)
            html.Append($"<caption>{name}</caption>\n");
        html.Append("<thead><tr>");
        for (var column = 0; column < _columns.Length; column++)
        {
            html.Append($"<th scope=\"col\"{style[column]}>{Markup.Escape(_columns[column].Title)}");
            if (_columns[column].Unit.Length > 0)
                html.Append($" <small>({Markup.Escape(_columns[column].Unit)})</small>");
            html.Append("</th>");
        }
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in _rows)
        {
            html.Append("<tr>");
            for (var column = 0; column < row.Length; column++)
            {
                var text = row[column].Picture is { } picture ? picture.Html().TrimEnd() : Markup.Escape(row[column].Show(_columns[column].Format));
                var marked = row[column].Value is { } value && best[column] == Markup.Number(value, _columns[column].Format);
                var element = column == 0 ? "th" : "td";
                html.Append($"<{element}{(column == 0 ? " scope=\"row\"" : "")}{style[column]}>");
                html.Append(marked ? $"<strong><span class=\"star\" role=\"img\" aria-label=\"best:\">★</span> {text}</strong>" : text);
                html.Append($"</{element}>");
            }
            html.Append("</tr>\n");
        }
        html.Append("</tbody></table></div>\n");
        if (best.Any(text => text is not null))
            html.Append("<p class=\"note\">★ best of its column</p>\n");
    }

    // As text, for two values that read the same are equally good to whoever reads them.
    private string? Best(int column)
    {
        double[] values = [.. _rows.Select(row => row[column].Value ?? double.NaN).Where(double.IsFinite)];
        return values.Length < 2 ? null : _columns[column].Best switch
        {
            BestValue.Lowest => Markup.Number(values.Min(), _columns[column].Format),
            BestValue.Highest => Markup.Number(values.Max(), _columns[column].Format),
            _ => null,
        };
    }
}
