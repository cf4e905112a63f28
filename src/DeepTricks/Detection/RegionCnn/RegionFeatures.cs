using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>The features of regions: crops of the normalised picture through a network, at one of its layers.</summary>
internal sealed class RegionFeatures : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly RegionCnnOptions _options;
    private readonly FeatureExtractor _extractor;

    public RegionFeatures(nn.Module<Tensor, Tensor> model, string layer, RegionCnnOptions options)
    {
        (_model, _options, Layer) = (model, options, layer);
        _extractor = new(model, layer);
    }

    public string Layer { get; }

    /// <summary>[N, D] float32, on the picture's device.</summary>
    /// <param name="image">[3, H, W] float32 in [0, 1].</param>
    /// <param name="boxes">[N, 4] float32; N is at least 1.</param>
    /// <param name="scale">What the features are multiplied by.</param>
    public Tensor Of(Tensor image, Tensor boxes, double scale = 1)
    {
        using var modes = new ModuleModes(_model);
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        _model.eval();
        var normalised = (image - Channels(_options.Mean, image)) / Channels(_options.StandardDeviation, image);
        var parts = new List<Tensor>();
        for (var start = 0L; start < boxes.size(0); start += _options.BatchSize)
        {
            using var batch = NewDisposeScope();
            var crops = RegionWarp.Crop(normalised, boxes.narrow(0, start, Math.Min(_options.BatchSize, boxes.size(0) - start)), _options.Crop);
            parts.Add((_extractor.Extract(crops)[Layer].flatten(1) * scale).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    public void Dispose() => _extractor.Dispose();

    private static Tensor Channels(IReadOnlyList<float> values, Tensor image) => tensor(values.ToArray(), [values.Count, 1, 1], device: image.device);
}
