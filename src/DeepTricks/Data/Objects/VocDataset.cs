using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace DeepTricks.Data;

/// <summary>The annotations of a data set in the format of PASCAL VOC: one XML file a picture, and lists of pictures.</summary>
/// <remarks>
/// VOC counts pixels from 1 and takes both ends into a box; boxes come out as <see cref="ObjectBox"/> has them, so an object over the whole
/// picture is 0, 0, width, height.
/// </remarks>
public sealed class VocDataset
{
    private static readonly string[] Names =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    private VocDataset(IReadOnlyList<AnnotatedImage> images, IReadOnlyList<ObjectCategory> categories) => (Images, Categories) = (images, categories);

    /// <summary>The 20 categories of VOC 2007 and later, 1 to 20 by the alphabet.</summary>
    public static IReadOnlyList<ObjectCategory> VocCategories { get; } = [.. Names.Select((name, i) => new ObjectCategory(i + 1, name))];

    /// <summary>The pictures, in the list's order and numbered so from 0.</summary>
    public IReadOnlyList<AnnotatedImage> Images { get; }

    /// <summary>The categories.</summary>
    public IReadOnlyList<ObjectCategory> Categories { get; }

    /// <summary>Reads the annotations that a list names.</summary>
    /// <param name="folder">The folder of a year, such as "VOCdevkit/VOC2007", with "Annotations" and "ImageSets/Main".</param>
    /// <param name="list">The name of a list without its extension, such as "trainval" or "test".</param>
    /// <param name="categories">What may be in a file; <see cref="VocCategories"/> where null.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not of this format; the message names it and the line.</exception>
    public static VocDataset Read(string folder, string list, IReadOnlyList<ObjectCategory>? categories = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(list);
        var names = File.ReadLines(Path.Combine(folder, "ImageSets", "Main", list + ".txt")).Select(line => line.Trim()).Where(line => line.Length > 0);
        return new([.. names.Select((name, i) => ReadImage(Path.Combine(folder, "Annotations", name + ".xml"), i, categories))], categories ?? VocCategories);
    }

    /// <summary>Reads the annotations of one picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="id">The number that the picture gets.</param>
    /// <param name="categories">What may be in the file; <see cref="VocCategories"/> where null.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not of this format; the message names it and the line.</exception>
    public static AnnotatedImage ReadImage(string path, long id = 0, IReadOnlyList<ObjectCategory>? categories = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var labels = (categories ?? VocCategories).ToDictionary(category => category.Name, category => category.Id);
        XElement root;
        try
        {
            root = XDocument.Load(path, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException exception)
        {
            throw new InvalidDataException($"{path}: this is no XML: {exception.Message}", exception);
        }

        var size = Child(root, "size", path);
        return new(id, Child(root, "filename", path).Value.Trim(), (int)Number(size, "height", path), (int)Number(size, "width", path),
            [.. root.Elements("object").Select(one => Annotation(one, labels, path))]);
    }

    private static ObjectAnnotation Annotation(XElement one, Dictionary<string, long> labels, string path)
    {
        var name = Child(one, "name", path);
        if (!labels.TryGetValue(name.Value.Trim(), out var label))
            throw Wrong(name, path, $"there is no category '{name.Value.Trim()}'");
        var box = Child(one, "bndbox", path);
        var (left, top) = (Number(box, "xmin", path) - 1, Number(box, "ymin", path) - 1);
        var (right, bottom) = (Number(box, "xmax", path), Number(box, "ymax", path));
        if (right <= left || bottom <= top)
            throw Wrong(box, path, "the box ends before it starts");
        return new(label, ObjectBox.FromCorners(left, top, right, bottom)) { IsDifficult = one.Element("difficult")?.Value.Trim() == "1" };
    }

    private static XElement Child(XElement parent, string name, string path) =>
        parent.Element(name) ?? throw Wrong(parent, path, $"expected a '{name}' in '{parent.Name.LocalName}'");

    private static double Number(XElement parent, string name, string path)
    {
        var child = Child(parent, name, path);
        return double.TryParse(child.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Wrong(child, path, $"expected a number; '{child.Value}' came");
    }

    private static InvalidDataException Wrong(XElement at, string path, string problem) => new($"{path}, line {((IXmlLineInfo)at).LineNumber}: {problem}.");
}
