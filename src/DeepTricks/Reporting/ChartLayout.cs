namespace DeepTricks.Reporting;

/// <summary>
/// The measures a chart is drawn with. Each chart is drawn twice and the stylesheet shows the one that fits the page:
/// a single drawing that shrinks to a telephone's width would shrink its text as well.
/// </summary>
/// <param name="Name">The class that the stylesheet knows.</param>
/// <param name="Width">The width, in units that are about CSS pixels.</param>
/// <param name="Height">The height of a chart whose labels need no more.</param>
/// <param name="FontSize">The size of the text.</param>
/// <param name="LabelWidth">The most that a label beside the plot may take before it breaks.</param>
internal sealed record ChartLayout(string Name, double Width, double Height, double FontSize, double LabelWidth)
{
    internal static readonly ChartLayout Wide = new("wide", 800, 380, 14, 190);
    internal static readonly ChartLayout Narrow = new("narrow", 360, 300, 13, 104);

    internal double LineHeight => FontSize * 1.25;
}
