using System.Globalization;

namespace DeepTricks.Detection;

/// <summary>Average precision as VOC has it.</summary>
/// <param name="Classes">The classes that have objects, by their ids.</param>
public sealed record VocResult(IReadOnlyList<VocClassResult> Classes)
{
    /// <summary>mAP: the mean over the classes that have objects; NaN where none has.</summary>
    public double MeanAveragePrecision => Classes.Select(one => one.AveragePrecision).DefaultIfEmpty(double.NaN).Average();

    /// <summary>A line for each class, and the mean.</summary>
    public override string ToString()
    {
        var width = Classes.Select(one => one.Name.Length).Append("class".Length).Max();
        var lines = Classes.Select(one => Line(one.Name, $"{one.Objects}", one.AveragePrecision));
        return string.Join('\n', [$" {"class".PadRight(width)}  objects     AP", .. lines, Line("mean", "", MeanAveragePrecision)]);

        string Line(string name, string objects, double value) =>
            string.Create(CultureInfo.InvariantCulture, $" {name.PadRight(width)} {objects,8}  {value:0.000}");
    }
}
