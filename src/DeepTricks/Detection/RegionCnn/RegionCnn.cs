using System.Globalization;
using System.Text.Json;
using DeepTricks.Checkpoints;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// R-CNN (Girshick, Donahue, Darrell and Malik, "Rich Feature Hierarchies for Accurate Object Detection and Semantic Segmentation", 2014): regions by selective
/// search, each warped to a crop and sent through a network; one linear support vector machine per class on its features, trained with hard negatives;
/// non-maximum suppression per class; boxes corrected by ridge regression.
/// </summary>
/// <remarks>
/// The network is used as it is and stays the caller's: fine-tune it on crops first where there is enough data (<see cref="RegionWarp"/>). It runs in evaluation
/// mode, and its modules are put back into their own. Not thread-safe.
/// </remarks>
public sealed class RegionCnn : IDisposable
{
    private const string Format = "deeptricks.region-cnn";

    private readonly RegionFeatures _features;
    private readonly RegionCnnWeights _weights;

    private RegionCnn(RegionFeatures features, RegionCnnWeights weights, RegionCnnOptions options) => (_features, _weights, Options) = (features, weights, options);

    /// <summary>How pictures are looked at.</summary>
    public RegionCnnOptions Options { get; }

    /// <summary>The layer of the network whose output the features are.</summary>
    public string Layer => _features.Layer;

    /// <summary>The classes, not counting the background; their labels are 1 to this.</summary>
    public long Classes => _weights.Weight.size(0);

    /// <summary>Trains on pictures whose objects are known. The features of all regions of all pictures are held in memory.</summary>
    /// <param name="model">A network that takes crops [N, 3, S, S]; on the pictures' device.</param>
    /// <param name="layer">The name in <c>named_modules()</c> of the layer whose output, flattened, is the features: <c>avgpool</c> of a ResNet, <c>classifier.3</c> of a VGG.</param>
    /// <param name="images">Pictures in RGB, [3, H, W] float32 in [0, 1].</param>
    /// <param name="targets">The objects of each; labels from 1 on, each somewhere.</param>
    /// <param name="options">How pictures are looked at; see <see cref="RegionCnnOptions"/> for the defaults.</param>
    /// <param name="training">How it is trained; see <see cref="RegionCnnTrainingOptions"/> for the defaults.</param>
    /// <returns>The detector; to be disposed of.</returns>
    /// <exception cref="ArgumentException">A shape or dtype does not fit, there are not as many targets as pictures, or a label is missing.</exception>
    public static RegionCnn Train(
        nn.Module<Tensor, Tensor> model, string layer, IReadOnlyList<Tensor> images, IReadOnlyList<DetectionTarget> targets,
        RegionCnnOptions? options = null, RegionCnnTrainingOptions? training = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(targets);
        if (images.Count == 0 || images.Count != targets.Count)
            throw new ArgumentException($"Expected a target for each of at least one picture; {images.Count} pictures and {targets.Count} targets came.", nameof(targets));
        for (var i = 0; i < images.Count; i++)
        {
            Check(images[i], nameof(images));
            targets[i].Check(i, new(images[i].size(1), images[i].size(2)), long.MaxValue, masks: false);
        }

        options ??= new();
        var features = new RegionFeatures(model, layer, options);
        try
        {
            return new(features, new RegionCnnTraining(features, options, training ?? new()).Run(images, targets), options);
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    /// <summary>Finds objects among the regions that selective search proposes.</summary>
    /// <param name="image">A picture in RGB, [3, H, W] float32 in [0, 1], on the device of the weights.</param>
    /// <returns>
    /// Boxes, labels and scores, the highest first, without masks. A score is the distance to the boundary of the class's machine, not a probability.
    /// </returns>
    /// <exception cref="ArgumentException">The picture has another shape or dtype, or values outside [0, 1].</exception>
    public Detections Detect(Tensor image)
    {
        Check(image, nameof(image));
        using var scope = NewDisposeScope();
        return Detect(image, SelectiveSearch.Propose(image, Options.Search)).MoveToOuterDisposeScope();
    }

    /// <summary>Finds objects among regions of the caller's.</summary>
    /// <param name="image">A picture in RGB, [3, H, W] float32 in [0, 1], on the device of the weights.</param>
    /// <param name="regions">[N, 4] float32: left, top, right and bottom; N may be 0.</param>
    /// <returns>As <see cref="Detect(Tensor)"/>.</returns>
    /// <exception cref="ArgumentException">A shape or dtype does not fit.</exception>
    public Detections Detect(Tensor image, Tensor regions)
    {
        Check(image, nameof(image));
        ArgumentNullException.ThrowIfNull(regions);
        if (regions.dim() != 2 || regions.size(1) != 4 || regions.dtype != ScalarType.Float32)
            throw new ArgumentException($"Expected regions [N, 4] float32, and {regions.ShapeText()} {regions.dtype} came.", nameof(regions));
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        if (regions.size(0) == 0)
            return new Detections(zeros(0, 4, device: image.device), zeros([0], ScalarType.Int64, image.device), zeros(0, device: image.device)).MoveToOuterDisposeScope();
        var features = _features.Of(image, regions, _weights.Scale);
        var margins = features.matmul(_weights.Weight.t()) + _weights.Bias;
        var places = margins.gt(Options.ScoreThreshold).nonzero();
        var (rows, classes) = (places.select(1, 0), places.select(1, 1));
        var scores = margins.flatten().index_select(0, (rows * Classes) + classes);
        var boxes = Boxes.Clip(Moved(features.index_select(0, rows), regions.index_select(0, rows), classes), image.size(1), image.size(2));
        var kept = Nms.Batched(boxes, scores, classes, Options.NmsThreshold);
        kept = kept.narrow(0, 0, Math.Min(kept.size(0), Options.MaximumDetections));
        return new Detections(boxes.index_select(0, kept), classes.index_select(0, kept) + 1, scores.index_select(0, kept)).MoveToOuterDisposeScope();
    }

    /// <summary>Writes machines, regressions and options to a safetensors file, whole or not at all. The network is not part of it.</summary>
    /// <param name="path">The file to replace or create.</param>
    public void Save(string path) => SafeTensors.Save(path, _weights.Tensors, new Dictionary<string, string>
    {
        ["format"] = Format,
        ["layer"] = Layer,
        ["scale"] = _weights.Scale.ToString("R", CultureInfo.InvariantCulture),
        ["options"] = JsonSerializer.Serialize(Options),
    });

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The network that it was trained with.</param>
    /// <param name="device">Where the weights go, the network's device; the CPU where null.</param>
    /// <returns>The detector; to be disposed of.</returns>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    public static RegionCnn Load(string path, nn.Module<Tensor, Tensor> model, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var content = SafeTensors.Load(path);
        if (!content.Metadata.TryGetValue("format", out var format) || format != Format) throw new InvalidDataException($"{path} holds no R-CNN.");
        using var scope = NewDisposeScope();
        var weights = new RegionCnnWeights(
            Read("svm.weight"), Read("svm.bias"), content.Tensors.ContainsKey("regression.weight") ? (Read("regression.weight"), Read("regression.bias")) : null,
            double.Parse(Text("scale"), CultureInfo.InvariantCulture));
        var options = JsonSerializer.Deserialize<RegionCnnOptions>(Text("options")) ?? new();
        var features = new RegionFeatures(model, Text("layer"), options);
        return new(features, weights.DetachFromDisposeScope(), options);

        Tensor Read(string name) => content.Tensors.TryGetValue(name, out var tensor) ? tensor.to(device ?? CPU, copy: true) : throw Lacks(name);
        string Text(string name) => content.Metadata.GetValueOrDefault(name) ?? throw Lacks(name);
        InvalidDataException Lacks(string name) => new($"{path} has no '{name}'.");
    }

    /// <summary>Disposes of the weights and takes the hooks off the network.</summary>
    public void Dispose()
    {
        _weights.Dispose();
        _features.Dispose();
    }

    /// <summary>The boxes after the regression of their classes.</summary>
    private Tensor Moved(Tensor features, Tensor boxes, Tensor classes)
    {
        if (_weights.Regression is not { } regression) return boxes;
        var moved = boxes.clone();
        for (var label = 0L; label < Classes; label++)
        {
            using var scope = NewDisposeScope();
            var here = classes.eq(label).nonzero().squeeze(1);
            if (here.size(0) == 0) continue;
            using var one = new BoxRidgeRegression(regression.Weight[label], regression.Bias[label]);
            moved.index_copy_(0, here, one.Apply(features.index_select(0, here), boxes.index_select(0, here)));
        }

        return moved;
    }

    private static void Check(Tensor image, string name)
    {
        ArgumentNullException.ThrowIfNull(image, name);
        if (image.dim() != 3 || image.size(0) != 3 || image.dtype != ScalarType.Float32)
            throw new ArgumentException($"Expected a picture [3, H, W] float32, and {image.ShapeText()} {image.dtype} came.", name);
    }
}
