using DeepTricks.Data;

namespace DeepTricks.Detection;

/// <summary>What COCO's evaluation looks at.</summary>
public sealed record CocoEvaluatorOptions
{
    /// <summary>Boxes by default.</summary>
    public OverlapKind Overlap { get; init; } = OverlapKind.Boxes;

    /// <summary>Names for the table; an id stands for itself where there is none. Empty by default.</summary>
    public IReadOnlyList<ObjectCategory> Categories { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <summary>Takes all objects for one class, as proposals are judged ("useCats = 0" of COCO). False by default.</summary>
    public bool ClassAgnostic { get; init; }
}
