using System.Globalization;
using DeepTricks.Data;
using DeepTricks.Reporting;

namespace DeepTricks.Interpretability;

/// <summary>The images that prototypes were projected onto, to draw prototypes from. It holds 8 bits a pixel and no tensors.</summary>
public sealed class PrototypeGallery
{
    private readonly Dictionary<long, PrototypePicture> _images;

    private PrototypeGallery(IReadOnlyList<PrototypeSource> sources, Dictionary<long, PrototypePicture> images) => (Sources, _images) = (sources, images);

    /// <summary>Where the prototypes come from.</summary>
    public IReadOnlyList<PrototypeSource> Sources { get; }

    /// <summary>Gathers the images.</summary>
    /// <param name="sources">What <see cref="PrototypeProjection.Run"/> returned, of all prototypes in their order.</param>
    /// <param name="images">The same images, [N, 1 or 3, H, W] in [0, 1] or of bytes; epoch 0 is taken.</param>
    /// <exception cref="ArgumentException">An image is not there, or cannot be drawn.</exception>
    public static PrototypeGallery Collect(IReadOnlyList<PrototypeSource> sources, IBatchSource images)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(images);
        if (sources.Where((source, i) => source.Prototype != i).Any()) throw new ArgumentException("Expected the sources of all prototypes in their order.", nameof(sources));
        var wanted = sources.Select(source => source.Image).ToHashSet();
        var found = new Dictionary<long, PrototypePicture>();
        PrototypeImages.Pictures(images, wanted, found);
        return wanted.FirstOrDefault(image => !found.ContainsKey(image), -1) is >= 0 and var missing
            ? throw new ArgumentException($"The image {missing} is not among the images.", nameof(images))
            : new(sources, found);
    }

    /// <summary>The sources of the prototypes that pruning left.</summary>
    /// <param name="pruned">What <see cref="PrototypePruning.Run"/> returned.</param>
    /// <returns>A gallery in which the prototypes have their new numbers.</returns>
    public PrototypeGallery Without(IEnumerable<int> pruned)
    {
        var gone = pruned.ToHashSet();
        return new([.. Sources.Where(source => !gone.Contains(source.Prototype)).Select((source, i) => source with { Prototype = i })], _images);
    }

    /// <summary>The prototype itself: the part of its image where it was most active.</summary>
    /// <param name="prototype">Its number.</param>
    public Canvas Patch(int prototype) => ImageOf(prototype).Part(Sources[prototype].Box);

    /// <summary>Its image, with a frame around the prototype.</summary>
    /// <param name="prototype">Its number.</param>
    public Canvas Source(int prototype) => ImageOf(prototype).Framed(Sources[prototype].Box);

    /// <summary>Its image under its scores.</summary>
    /// <param name="prototype">Its number.</param>
    public Canvas Heat(int prototype) => ImageOf(prototype).Heat(Sources[prototype].Activation);

    /// <summary>Draws prototypes: each itself, its image and its scores over that.</summary>
    /// <param name="prototypes">Their numbers, at least one.</param>
    public Canvas Draw(params IEnumerable<int> prototypes)
    {
        int[] rows = [.. prototypes];
        return new PictureGrid
        {
            ColumnTitles = ["prototype", "source", "scores"],
            RowTitles = [.. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"prototype {row} of class {Sources[row].Class}, image {Sources[row].Image}"))],
        }.Draw([.. rows.Select(row => new[] { Patch(row), Source(row), Heat(row) })]);
    }

    private PrototypePicture ImageOf(int prototype) => _images[Sources[prototype].Image];
}
