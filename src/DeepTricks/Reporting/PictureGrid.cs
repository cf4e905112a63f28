namespace DeepTricks.Reporting;

/// <summary>
/// Pictures in rows and columns under their titles, as one picture: for a README or a paper. In a <see cref="Report"/> a <see cref="Table"/>
/// of pictures does the same with text that can be read aloud and follows the reader's theme.
/// </summary>
public sealed record PictureGrid
{
    /// <summary>What stands above the columns, in ASCII; empty, the default, for nothing.</summary>
    public IReadOnlyList<string> ColumnTitles { get; init; } = [];

    /// <summary>What stands above each row at its left, in ASCII; empty, the default, for nothing.</summary>
    public IReadOnlyList<string> RowTitles { get; init; } = [];

    /// <summary>The pixels between pictures, and around them all, 0 to 256; default 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public int Gap
    {
        get;
        init => field = value is >= 0 and <= 256 ? value : throw new ArgumentOutOfRangeException(nameof(Gap), value, "Expected 0 to 256.");
    } = 8;

    /// <summary>The pixels to a dot of the letters, which are 5 by 8 dots, 1 to 16; default 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public int LetterScale
    {
        get;
        init => field = value is >= 1 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(LetterScale), value, "Expected 1 to 16.");
    } = 2;

    /// <summary>The ground, which decides whether the titles are black or white; default white.</summary>
    public Rgb Background { get; init; } = Rgb.White;

    /// <summary>Sets pictures in a grid. A column is as wide as its widest picture or its title, a row as high as its highest picture.</summary>
    /// <param name="rows">The rows, at least one, each with at least one picture; they may differ in length.</param>
    /// <returns>One picture of all.</returns>
    /// <exception cref="ArgumentException">There is no picture, or there are titles, but not one for each row or column.</exception>
    public Canvas Draw(params IReadOnlyList<IReadOnlyList<Canvas>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows.Any(row => row.Count == 0))
            throw new ArgumentException("The grid has a row without a picture; expected at least one row, and one picture in each.", nameof(rows));
        var columns = rows.Max(row => row.Count);
        if (ColumnTitles.Count != 0 && ColumnTitles.Count != columns)
            throw new ArgumentException($"Got {ColumnTitles.Count} titles for {columns} columns.", nameof(rows));
        if (RowTitles.Count != 0 && RowTitles.Count != rows.Count)
            throw new ArgumentException($"Got {RowTitles.Count} titles for {rows.Count} rows.", nameof(rows));

        int[] widths = [.. Enumerable.Range(0, columns).Select(column => Math.Max(
            rows.Where(row => row.Count > column).Max(row => row[column].PixelWidth), ColumnTitles.Count == 0 ? 0 : TextWidth(ColumnTitles[column])))];
        int[] heights = [.. rows.Select(row => row.Max(picture => picture.PixelHeight))];
        var line = (PixelFont.GlyphHeight * LetterScale) + Gap;
        var width = Math.Max(widths.Sum() + (Gap * (columns + 1)), RowTitles.Select(title => TextWidth(title) + (2 * Gap)).DefaultIfEmpty(0).Max());
        var height = heights.Sum() + (Gap * (rows.Count + 1)) + (ColumnTitles.Count == 0 ? 0 : line) + (RowTitles.Count == 0 ? 0 : line * rows.Count);
        var grid = new Canvas(width, height, Background);

        var top = Gap;
        if (ColumnTitles.Count > 0)
        {
            for (var (column, left) = (0, Gap); column < columns; left += widths[column++] + Gap)
                grid.Write(left, top, ColumnTitles[column], Background.Ink, LetterScale);
            top += line;
        }
        for (var row = 0; row < rows.Count; row++)
        {
            if (RowTitles.Count > 0)
            {
                grid.Write(Gap, top, RowTitles[row], Background.Ink, LetterScale);
                top += line;
            }
            for (var (column, left) = (0, Gap); column < rows[row].Count; left += widths[column++] + Gap)
                grid.Insert(rows[row][column], left, top);
            top += heights[row] + Gap;
        }
        return grid;
    }

    private int TextWidth(string text) => PixelFont.Width(text) * LetterScale;
}
