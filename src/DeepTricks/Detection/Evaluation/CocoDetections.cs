using System.Text.Json;
using DeepTricks.Data;

namespace DeepTricks.Detection;

/// <summary>Detections in the files that COCO's evaluation takes: a list of boxes, or of masks, with scores.</summary>
public static class CocoDetections
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">A list of JSON of "image_id", "category_id", "score", and "bbox" or "segmentation" (run lengths) or both.</param>
    /// <returns>The detections by the numbers of their pictures. Without a "bbox" a detection has the box around its mask.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The content is not of this format; the message names the file and the place.</exception>
    public static ILookup<long, DetectedObject> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            return new JsonPlace(path, "", document.RootElement).Items()
                .Select(one => (Image: one["image_id"].Integer(), Found: Detection(one))).ToArray()
                .ToLookup(one => one.Image, one => one.Found);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: this is no JSON: {exception.Message}", exception);
        }
    }

    private static DetectedObject Detection(JsonPlace one)
    {
        var mask = one.Find("segmentation") is { } shape ? shape.RunLengths() : null;
        var box = one.Find("bbox")?.Box() ?? mask?.Box ?? throw one.Wrong("expected a 'bbox' or a 'segmentation'");
        return new(one["category_id"].Integer(), one["score"].Number(), box, mask);
    }
}
