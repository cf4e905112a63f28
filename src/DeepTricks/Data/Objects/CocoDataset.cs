using System.Text.Json;

namespace DeepTricks.Data;

/// <summary>The annotations of a data set in COCO's format ("instances_val2017.json"): boxes, polygons, run lengths, crowds.</summary>
/// <example><code>
/// var dataset = CocoDataset.Read("annotations/instances_val2017.json");
/// foreach (var image in dataset.Images)
///     Console.WriteLine($"{image.FileName}: {image.Objects.Count} objects");
/// </code></example>
public sealed class CocoDataset
{
    private CocoDataset(IReadOnlyList<AnnotatedImage> images, IReadOnlyList<ObjectCategory> categories) => (Images, Categories) = (images, categories);

    /// <summary>The pictures, in the file's order, those without objects too.</summary>
    public IReadOnlyList<AnnotatedImage> Images { get; }

    /// <summary>The categories, in the file's order.</summary>
    public IReadOnlyList<ObjectCategory> Categories { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">A file of JSON with "images", "annotations" and "categories".</param>
    /// <param name="masks">Whether to read the masks too, which takes most of the time; true by default.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The content is not of this format; the message names the file and the place.</exception>
    public static CocoDataset Read(string path, bool masks = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        return Read(stream, path, masks);
    }

    /// <summary>Reads a stream from where it stands to its end.</summary>
    /// <param name="stream">The content; left open.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="masks">Whether to read the masks too.</param>
    /// <exception cref="InvalidDataException">The content is not of this format; the message names the place.</exception>
    public static CocoDataset Read(Stream stream, string name, bool masks = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            using var document = JsonDocument.Parse(stream);
            return Read(new JsonPlace(name, "", document.RootElement), masks);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{name}: this is no JSON: {exception.Message}", exception);
        }
    }

    private static CocoDataset Read(JsonPlace root, bool masks)
    {
        var categories = root["categories"].Items().Select(one => new ObjectCategory(
            one["id"].Integer(), one["name"].Text(), one.Find("supercategory")?.Text() ?? "")).ToArray();
        var known = categories.Select(category => category.Id).ToHashSet();
        var objects = new Dictionary<long, List<ObjectAnnotation>>();
        var images = new List<AnnotatedImage>();
        foreach (var one in root["images"].Items())
        {
            var id = one["id"].Integer();
            if (!objects.TryAdd(id, []))
                throw one["id"].Wrong($"a picture with the number {id} came before");
            images.Add(new(id, one["file_name"].Text(), one["height"].Size(), one["width"].Size(), objects[id]));
        }

        var byId = images.ToDictionary(image => image.Id);
        foreach (var one in root["annotations"].Items())
        {
            var image = one["image_id"];
            if (!byId.TryGetValue(image.Integer(), out var picture))
                throw image.Wrong($"there is no picture with the number {image.Integer()}");
            var category = one["category_id"];
            if (!known.Contains(category.Integer()))
                throw category.Wrong($"there is no category with the number {category.Integer()}");
            objects[picture.Id].Add(Annotation(one, picture, category.Integer(), masks));
        }

        return new(images, categories);
    }

    private static ObjectAnnotation Annotation(JsonPlace one, AnnotatedImage picture, long label, bool masks)
    {
        var annotation = new ObjectAnnotation(label, one["bbox"].Box())
        {
            IsCrowd = one.Find("iscrowd")?.Number() is not (null or 0),
            Mask = masks && one.Find("segmentation") is { } shape ? Mask(shape, picture) : null,
        };
        return one.Find("area") is { } area ? annotation with { Area = area.Number() } : annotation;
    }

    private static RunLengthMask? Mask(JsonPlace shape, AnnotatedImage picture)
    {
        if (shape.Find("counts") is not null)
        {
            var mask = shape.RunLengths();
            return mask.Height == picture.Height && mask.Width == picture.Width
                ? mask
                : throw shape["size"].Wrong($"the picture is {picture.Height} x {picture.Width}");
        }

        try
        {
            var polygons = shape.Items().Select(polygon => RunLengthMask.FromPolygon(polygon.Numbers(), picture.Height, picture.Width)).ToArray();
            return polygons.Length == 0 ? null : RunLengthMask.Union(polygons);
        }
        catch (ArgumentException exception)
        {
            throw shape.Wrong(exception.Message);
        }
    }
}
