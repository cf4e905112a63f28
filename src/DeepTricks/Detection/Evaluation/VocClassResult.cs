namespace DeepTricks.Detection;

/// <summary>The figures of one class.</summary>
/// <param name="Label">The category's id.</param>
/// <param name="Name">The category's name, or its id where it has none.</param>
/// <param name="Objects">The number of objects that should be found.</param>
/// <param name="AveragePrecision">The average precision, from 0 to 1.</param>
/// <param name="Recalls">The curve: the recall after each detection, from the surest on.</param>
/// <param name="Precisions">The curve: the precision after each detection.</param>
public sealed record VocClassResult(
    long Label, string Name, int Objects, double AveragePrecision, IReadOnlyList<double> Recalls, IReadOnlyList<double> Precisions);
