using DeepTricks.Detection;

namespace DetectionSample;

/// <summary>What one run gave.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Model">The trained detector.</param>
/// <param name="Losses">Of each epoch, by name.</param>
/// <param name="Boxes">COCO's figures of the boxes, on the test scenes.</param>
/// <param name="Masks">Those of the masks.</param>
/// <param name="Training">How long the training took, the drawing of its scenes included.</param>
/// <param name="Whole">How long everything took.</param>
internal sealed record RunResult(
    int Seed, GeneralizedRcnn Model, IReadOnlyList<IReadOnlyDictionary<string, double>> Losses, CocoResult Boxes, CocoResult Masks, TimeSpan Training, TimeSpan Whole);
