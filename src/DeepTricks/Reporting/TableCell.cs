namespace DeepTricks.Reporting;

/// <summary>One cell of a <see cref="Table"/>: a text, a number, a number with a spread, or a picture. All convert by themselves.</summary>
public sealed record TableCell
{
    /// <summary>A text.</summary>
    /// <param name="text">The text; it may be empty.</param>
    public TableCell(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>A number, shown in its column's format.</summary>
    /// <param name="value">The number; one that is not finite is shown as it is and never marked as the best.</param>
    /// <param name="spread">Shown after ± in the same format; null (the default) for none.</param>
    public TableCell(double value, double? spread = null)
    {
        Value = value;
        Spread = spread;
    }

    /// <summary>A picture, with its caption.</summary>
    /// <param name="picture">The picture.</param>
    public TableCell(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Picture = picture;
    }

    /// <summary>The text, or null in a cell that holds something else.</summary>
    public string? Text { get; }

    /// <summary>The number, or null in a cell that holds something else.</summary>
    public double? Value { get; }

    /// <summary>The number's spread, or null.</summary>
    public double? Spread { get; }

    /// <summary>The picture, or null in a cell that holds something else.</summary>
    public Picture? Picture { get; }

    /// <summary>A cell that holds a text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator TableCell(string text) => new(text);

    /// <summary>A cell that holds a number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator TableCell(double value) => new(value);

    /// <summary>A cell that holds a picture.</summary>
    /// <param name="picture">The picture.</param>
    public static implicit operator TableCell(Picture picture) => new(picture);

    internal string Show(string format) => this switch
    {
        { Text: { } text } => text,
        { Spread: { } spread } => $"{Markup.Number(Value!.Value, format)} ± {Markup.Number(spread, format)}",
        _ => Markup.Number(Value!.Value, format),
    };
}
