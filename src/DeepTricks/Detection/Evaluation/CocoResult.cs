using System.Globalization;
using System.Text;

namespace DeepTricks.Detection;

/// <summary>The twelve figures of COCO, each from 0 to 1, and NaN where there is no object that it is about; COCO's own tools say −1 there.</summary>
public sealed class CocoResult
{
    internal CocoResult(IReadOnlyList<CocoClassResult> classes) => Classes = classes;

    /// <summary>The classes that have objects, by their ids.</summary>
    public IReadOnlyList<CocoClassResult> Classes { get; }

    /// <summary>AP: the mean over the classes and the overlaps 0.5, 0.55 ... 0.95.</summary>
    public double AveragePrecision => Precision(ObjectSize.All);

    /// <summary>AP50: at an overlap of 0.5.</summary>
    public double AveragePrecision50 => Precision(ObjectSize.All, 0);

    /// <summary>AP75: at an overlap of 0.75.</summary>
    public double AveragePrecision75 => Precision(ObjectSize.All, 5);

    /// <summary>APs: of objects up to 32² pixels.</summary>
    public double AveragePrecisionSmall => Precision(ObjectSize.Small);

    /// <summary>APm: of objects of 32² to 96² pixels.</summary>
    public double AveragePrecisionMedium => Precision(ObjectSize.Medium);

    /// <summary>APl: of objects of 96² pixels and more.</summary>
    public double AveragePrecisionLarge => Precision(ObjectSize.Large);

    /// <summary>AR1: of one detection of a class in a picture.</summary>
    public double AverageRecall1 => Recall(ObjectSize.All, 0);

    /// <summary>AR10: of up to 10 detections.</summary>
    public double AverageRecall10 => Recall(ObjectSize.All, 1);

    /// <summary>AR100: of up to 100 detections.</summary>
    public double AverageRecall100 => Recall(ObjectSize.All, 2);

    /// <summary>ARs: of objects up to 32² pixels and up to 100 detections.</summary>
    public double AverageRecallSmall => Recall(ObjectSize.Small, 2);

    /// <summary>ARm: of objects of 32² to 96² pixels and up to 100 detections.</summary>
    public double AverageRecallMedium => Recall(ObjectSize.Medium, 2);

    /// <summary>ARl: of objects of 96² pixels and more and up to 100 detections.</summary>
    public double AverageRecallLarge => Recall(ObjectSize.Large, 2);

    /// <summary>The twelve figures in the lines of COCO's own summary, and a line for each class.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line("Precision", "AP", "0.50:0.95", "all", 100, AveragePrecision);
        Line("Precision", "AP", "0.50", "all", 100, AveragePrecision50);
        Line("Precision", "AP", "0.75", "all", 100, AveragePrecision75);
        Line("Precision", "AP", "0.50:0.95", "small", 100, AveragePrecisionSmall);
        Line("Precision", "AP", "0.50:0.95", "medium", 100, AveragePrecisionMedium);
        Line("Precision", "AP", "0.50:0.95", "large", 100, AveragePrecisionLarge);
        Line("Recall", "AR", "0.50:0.95", "all", 1, AverageRecall1);
        Line("Recall", "AR", "0.50:0.95", "all", 10, AverageRecall10);
        Line("Recall", "AR", "0.50:0.95", "all", 100, AverageRecall100);
        Line("Recall", "AR", "0.50:0.95", "small", 100, AverageRecallSmall);
        Line("Recall", "AR", "0.50:0.95", "medium", 100, AverageRecallMedium);
        Line("Recall", "AR", "0.50:0.95", "large", 100, AverageRecallLarge);
        var width = Classes.Select(one => one.Name.Length).Append("class".Length).Max();
        text.Append($"\n {"class".PadRight(width)}  objects     AP   AP50   AP75  AR100");
        foreach (var one in Classes)
            text.Append($"\n {one.Name.PadRight(width)} {one.Objects,8} {Figure(one.AveragePrecision)} {Figure(one.AveragePrecision50)} {Figure(one.AveragePrecision75)} {Figure(one.AverageRecall)}");
        return text.ToString();

        void Line(string what, string sign, string overlap, string area, int limit, double value) =>
            text.Append(text.Length == 0 ? "" : "\n").Append(CultureInfo.InvariantCulture,
                $" {"Average " + what,-18} ({sign}) @[ IoU={overlap,-9} | area={area,6} | maxDets={limit,3} ] = {(double.IsNaN(value) ? -1 : value):0.000}");
    }

    private static string Figure(double value) => (double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture)).PadLeft(6);

    private double Precision(ObjectSize size, int threshold = -1) => Mean(one => one.Precision(size, threshold));

    private double Recall(ObjectSize size, int limit) => Mean(one => one.Recall(size, limit));

    // The classes that have objects of the size.
    private double Mean(Func<CocoClassResult, double> figure) =>
        Classes.Select(figure).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
