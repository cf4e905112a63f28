using System.Globalization;
using DeepTricks.Data;
using DeepTricks.Kernels;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// What prototypes of a <see cref="ProtoPNet"/> find in a whole dataset: the patches nearest to each, with their images. A prototype that stands for a part finds the
/// same part again; one that stands for background finds it in images of any class.
/// </summary>
public sealed class GlobalAnalysis
{
    private readonly Dictionary<long, PrototypePicture> _images;

    private GlobalAnalysis(IReadOnlyDictionary<int, IReadOnlyList<PatchView>> nearest, Dictionary<long, PrototypePicture> images) => (Nearest, _images) = (nearest, images);

    /// <summary>The patches nearest to each prototype, the nearest first.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<PatchView>> Nearest { get; }

    /// <summary>Searches all images, twice: for the patches, and for what is shown of them. In evaluation mode; modes are put back.</summary>
    /// <param name="model">The network, whose prototypes have been projected.</param>
    /// <param name="images">Images with classes, [N, 1 or 3, H, W] in [0, 1] or of bytes; epoch 0 is taken, which is to be the same each time.</param>
    /// <param name="options">How much is looked at; see <see cref="GlobalAnalysisOptions"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A batch has no classes, a label is none, a prototype is none, or an image cannot be drawn.</exception>
    public static GlobalAnalysis Of(ProtoPNet model, IBatchSource images, GlobalAnalysisOptions? options = null)
    {
        options ??= new();
        var found = NearestPatchSearch.Run(model, images, options.Count, options.Search);
        IReadOnlyList<int> prototypes = options.Prototypes ?? [.. Enumerable.Range(0, found.Count)];
        if (prototypes.FirstOrDefault(prototype => prototype < 0 || prototype >= found.Count, 0) is var wrong && (wrong < 0 || wrong >= found.Count))
            throw new ArgumentException($"There is no prototype {wrong}; expected 0 to {found.Count - 1}.", nameof(options));
        var wanted = prototypes.SelectMany(prototype => found[prototype].Select(patch => (patch.Image, Prototype: prototype))).ToLookup(one => one.Image, one => one.Prototype);

        var pictures = new Dictionary<long, PrototypePicture>();
        var views = new Dictionary<(int Prototype, long Image), PatchView>();
        using var single = PrototypeImages.Single(model.Prototypes).clone();
        PrototypeImages.Pictures(images, [.. wanted.Select(one => one.Key)], pictures, (batch, rows) =>
        {
            using var modes = new ModuleModes(model);
            model.eval();
            var features = PrototypeImages.Single(PrototypeImages.Features(model, batch.Input.index_select(0, tensor(rows, device: batch.Input.device)), options.Search.Preprocess));
            for (var row = 0; row < rows.Length; row++)
            {
                var image = batch.Indices.Span[(int)rows[row]];
                foreach (var prototype in wanted[image])
                    views[(prototype, image)] = View(model, found[prototype].First(patch => patch.Image == image), Map(features, row, single, prototype), pictures[image], options.Search.Percentile);
            }
        });
        return new(prototypes.ToDictionary(prototype => prototype, prototype => (IReadOnlyList<PatchView>)[.. found[prototype].Select(patch => views[(prototype, patch.Image)])]), pictures);

        PrototypeActivation Map(Tensor features, int row, Tensor patches, int prototype)
        {
            var (rows, columns) = ((int)(features.size(2) - patches.size(2) + 1), (int)(features.size(3) - patches.size(3) + 1));
            var distances = new float[rows * columns];
            PrototypeImages.Distances(features, row, patches, prototype, distances);
            return new(PrototypeImages.Activations(model.Similarity, [distances])[0], rows, columns);
        }
    }

    /// <summary>Draws the patches of prototypes, those of one a row, under their images' classes and distances.</summary>
    /// <param name="prototypes">Their numbers, at least one.</param>
    /// <param name="gallery">The sources of the prototypes, to stand first in each row; null, the default, for none.</param>
    /// <param name="heat">Whether scores are drawn over the images, rather than frames; false by default.</param>
    /// <exception cref="KeyNotFoundException">A prototype was not looked at.</exception>
    public Canvas Draw(IEnumerable<int> prototypes, PrototypeGallery? gallery = null, bool heat = false)
    {
        ArgumentNullException.ThrowIfNull(prototypes);
        int[] rows = [.. prototypes];
        return new PictureGrid { RowTitles = [.. rows.Select(Title)] }.Draw([.. rows.Select(Row)]);

        string Title(int prototype) => $"prototype {prototype}: {string.Join(", ", Nearest[prototype].Select(view =>
            string.Create(CultureInfo.InvariantCulture, $"class {view.Patch.ImageClass} ({view.Patch.Distance:0.000})")))}";

        IReadOnlyList<Canvas> Row(int prototype)
        {
            Canvas[] own = gallery is null ? [] : [gallery.Patch(prototype)];
            return [.. own, .. Nearest[prototype].Select(view => heat ? _images[view.Patch.Image].Heat(view.Activation) : _images[view.Patch.Image].Framed(view.Box))];
        }
    }

    private static PatchView View(ProtoPNet model, NearestPatch patch, PrototypeActivation activation, PrototypePicture picture, double percentile) =>
        new(patch, activation.Box(picture.Height, picture.Width, percentile), PrototypeImages.Seen(model, patch.Row, patch.Column, picture.Height, picture.Width), activation);
}
