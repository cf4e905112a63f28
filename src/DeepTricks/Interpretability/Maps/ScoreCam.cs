using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>
/// Score-CAM (Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", 2020): a channel weighs as what the model
/// scores where its activation lets the image through, softmax over the channels. Follows pytorch-grad-cam: raw scores, no baseline, masks stretched to [0, 1] at
/// the size of the image.
/// </summary>
/// <remarks>
/// It costs a forward pass for each channel. Masks and masked images exist for one batch at a time; channels without a range (dead ones) all
/// let nothing through, and the black image is scored once for all of them. In <see cref="EvidenceMapper.Trace"/> the weights are found in evaluation and are
/// constants; gradients flow through the activations.
/// </remarks>
public sealed class ScoreCam : EvidenceMapper
{
    private const double RangeEpsilon = 1e-8;
    private readonly ScoreCamOptions _options;

    /// <summary>Puts hooks on the layers.</summary>
    /// <param name="model">From images to logits [N, K].</param>
    /// <param name="layers">The layers' names; each returns [N, channels, height, width].</param>
    /// <param name="options">How it runs; batches of 16 where null.</param>
    /// <exception cref="ArgumentException">There are none, a name is no layer's or comes twice, or the layer does not take and return one tensor.</exception>
    public ScoreCam(nn.Module<Tensor, Tensor> model, IEnumerable<string> layers, ScoreCamOptions? options = null)
        : base(model, layers, needsGradients: false) => _options = options ?? new();

    /// <summary>Puts a hook on one layer.</summary>
    /// <inheritdoc cref="ScoreCam(nn.Module{Tensor, Tensor}, IEnumerable{string}, ScoreCamOptions?)"/>
    public ScoreCam(nn.Module<Tensor, Tensor> model, string layer, ScoreCamOptions? options = null)
        : this(model, [layer], options)
    {
    }

    private protected override IReadOnlyList<Tensor> Maps(EvidencePass pass)
    {
        using var modes = new ModuleModes(Model);
        Model.eval();
        return [.. pass.Activations.Select(activations => ActivationMaps.Weighted(activations, Weights(pass, activations)))];
    }

    private Tensor Weights(EvidencePass pass, Tensor activations)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (samples, channels) = (activations.shape[0], activations.shape[1]);
        var masks = activations.detach().reshape(samples * channels, 1, activations.shape[2], activations.shape[3]);
        var live = masks.amax([1, 2, 3]).ne(masks.amin([1, 2, 3])).nonzero().squeeze(1);
        var scores = live.shape[0] < samples * channels
            ? BlackScores(pass).repeat_interleave(channels)
            : zeros(samples * channels, dtype: pass.Scores.dtype, device: pass.Scores.device);
        for (var start = 0L; start < live.shape[0]; start += _options.BatchSize)
        {
            using var batch = NewDisposeScope();
            var chosen = live.narrow(0, start, Math.Min(_options.BatchSize, live.shape[0] - start));
            var sample = chosen.div(channels, RoundingMode.floor);
            var logits = Model.call(Masked(pass.Images, masks.index_select(0, chosen), sample));
            scores.index_copy_(0, chosen, logits.gather(1, pass.Classes.index_select(0, sample).unsqueeze(1)).squeeze(1));
        }

        return scores.view(samples, channels).softmax(1).MoveToOuterDisposeScope();
    }

    private static Tensor Masked(Tensor images, Tensor masks, Tensor sample)
    {
        var above = nn.functional.interpolate(masks, images.shape[2..], mode: InterpolationMode.Bilinear, align_corners: true);
        above = above.sub_(above.amin([1, 2, 3], keepdim: true));
        above = above.div_(above.amax([1, 2, 3], keepdim: true).add_(RangeEpsilon));
        return (images.shape[0] == 1 ? images : images.index_select(0, sample)) * above;
    }

    /// <summary>What the model scores for the class of each sample where it sees nothing.</summary>
    private Tensor BlackScores(EvidencePass pass)
    {
        using var scope = NewDisposeScope();
        return Model.call(zeros_like(pass.Images.narrow(0, 0, 1))).squeeze(0).index_select(0, pass.Classes).MoveToOuterDisposeScope();
    }
}
