using System.Globalization;
using DeepTricks.Kernels;
using DeepTricks.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Why a <see cref="ProtoPNet"/> classifies one image as it does: which prototypes find something in it, where, and what each adds to the logits. It holds plain numbers
/// and no tensors.
/// </summary>
public sealed class LocalAnalysis
{
    private readonly float[] _scores, _weights;
    private readonly PrototypeActivation[] _activations;
    private readonly IReadOnlyList<int> _classes;
    private readonly int _height, _width;

    private LocalAnalysis(ProtoPNet model, Tensor image, LocalAnalysisOptions options)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        (_height, _width) = ((int)image.size(1), (int)image.size(2));
        var features = PrototypeImages.Features(model, image.unsqueeze(0), options.Preprocess);
        var distances = PrototypeDistance.Minimum(features, model.Prototypes);
        var maps = model.Similarity.Compute(PrototypeDistance.Maps(features, model.Prototypes))[0];
        _classes = model.PrototypeClasses;
        _scores = PrototypeImages.Single(model.Similarity.Compute(distances)[0]).Values<float>();
        _weights = PrototypeImages.Single(model.LastLayer).Values<float>();
        Logits = PrototypeImages.Single(model.Logits(distances)[0]).Values<float>();
        var values = PrototypeImages.Single(maps).Values<float>();
        var (rows, columns) = ((int)maps.size(1), (int)maps.size(2));
        _activations = [.. values.Chunk(rows * columns).Select(map => new PrototypeActivation(map, rows, columns))];
        Predicted = Array.IndexOf([.. Logits], Logits.Max());
        MostActive = [.. Descending(Enumerable.Range(0, _scores.Length)).Take(options.Prototypes).Select(prototype => Evidence(prototype, Predicted))];
        Classes = [.. Enumerable.Range(0, Logits.Count).OrderByDescending(index => Logits[index]).Take(options.Classes).Select(Explain)];
    }

    /// <summary>The logits, one for each class.</summary>
    public IReadOnlyList<float> Logits { get; }

    /// <summary>The class with the highest logit.</summary>
    public int Predicted { get; }

    /// <summary>The prototypes of any class with the highest scores, and what they add to the predicted class.</summary>
    public IReadOnlyList<PrototypeEvidence> MostActive { get; }

    /// <summary>The likeliest classes, the predicted one first.</summary>
    public IReadOnlyList<ClassEvidence> Classes { get; }

    /// <summary>Analyses one image, in evaluation mode; modes are put back.</summary>
    /// <param name="model">The network, whose prototypes have been projected.</param>
    /// <param name="image">The image, [C, H, W]; need not be square.</param>
    /// <param name="options">How much is looked at; see <see cref="LocalAnalysisOptions"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The image has another number of dimensions.</exception>
    public static LocalAnalysis Of(ProtoPNet model, Tensor image, LocalAnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        if (image.dim() != 3) throw new ArgumentException($"Expected an image [C, H, W], and {image.ShapeText()} came.", nameof(image));
        using var modes = new ModuleModes(model);
        model.eval();
        return new(model, image, options ?? new());
    }

    /// <summary>What a prototype says about the image and a class.</summary>
    /// <param name="prototype">The number of the prototype.</param>
    /// <param name="index">The class.</param>
    public PrototypeEvidence Evidence(int prototype, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)prototype, (uint)_scores.Length, nameof(prototype));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Logits.Count, nameof(index));
        return new()
        {
            Prototype = prototype,
            Class = _classes[prototype],
            Score = _scores[prototype],
            Weight = _weights[(index * _scores.Length) + prototype],
            Box = _activations[prototype].Box(_height, _width),
            Activation = _activations[prototype],
        };
    }

    /// <summary>Why a class has its logit.</summary>
    /// <param name="index">The class.</param>
    public ClassEvidence Explain(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Logits.Count, nameof(index));
        var own = Descending(Enumerable.Range(0, _scores.Length).Where(prototype => _classes[prototype] == index)).Select(prototype => Evidence(prototype, index)).ToList();
        var others = Enumerable.Range(0, _scores.Length).Where(prototype => _classes[prototype] != index).Sum(prototype => (double)_scores[prototype] * _weights[(index * _scores.Length) + prototype]);
        return new(index, Logits[index], own, others);
    }

    /// <summary>Draws <see cref="MostActive"/>, one a row: what it found in the image, its scores there, itself, its source, and its scores there.</summary>
    /// <param name="image">The image analysed, [1 or 3, H, W] in [0, 1] or of bytes.</param>
    /// <param name="gallery">The sources of the prototypes.</param>
    /// <exception cref="ArgumentException">The image is not the one analysed, or the gallery is of another number of prototypes.</exception>
    public Canvas Draw(Tensor image, PrototypeGallery gallery) => Draw(image, gallery, MostActive, []);

    /// <summary>Draws the prototypes of a class in the same way, and below them how the logit comes about.</summary>
    /// <param name="index">The class.</param>
    /// <param name="image">The image analysed.</param>
    /// <param name="gallery">The sources of the prototypes.</param>
    /// <exception cref="ArgumentException">The image is not the one analysed, or the gallery is of another number of prototypes.</exception>
    public Canvas DrawClass(int index, Tensor image, PrototypeGallery gallery)
    {
        var evidence = Explain(index);
        var own = evidence.Own.Sum(one => one.Contribution);
        return Draw(image, gallery, evidence.Own, string.Create(CultureInfo.InvariantCulture,
            $"class {index}: {own:0.00} of its own prototypes, {evidence.Others:0.00} of others, logit {evidence.Logit:0.00}"));
    }

    private IEnumerable<int> Descending(IEnumerable<int> prototypes) => prototypes.OrderByDescending(prototype => _scores[prototype]);

    private Canvas Draw(Tensor image, PrototypeGallery gallery, IReadOnlyList<PrototypeEvidence> evidence, params IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        var picture = PrototypePicture.Of(image);
        if ((picture.Height, picture.Width) != (_height, _width))
            throw new ArgumentException($"Expected the image analysed, {_height} × {_width}, and {picture.Height} × {picture.Width} came.", nameof(image));
        if (gallery.Sources.Count != _scores.Length)
            throw new ArgumentException($"Expected the sources of {_scores.Length} prototypes, and those of {gallery.Sources.Count} came.", nameof(gallery));
        var rows = evidence.Select(one => new[]
        {
            picture.Framed(one.Box), picture.Heat(one.Activation), gallery.Patch(one.Prototype), gallery.Source(one.Prototype), gallery.Heat(one.Prototype),
        }).ToList<IReadOnlyList<Canvas>>();
        rows.AddRange(lines.Select(_ => new[] { new Canvas(1, 1, Rgb.White) }));
        return new PictureGrid
        {
            ColumnTitles = ["this image", "its scores", "looks like", "source", "its scores"],
            RowTitles = [.. evidence.Select(PrototypePicture.Score), .. lines],
        }.Draw(rows);
    }
}
