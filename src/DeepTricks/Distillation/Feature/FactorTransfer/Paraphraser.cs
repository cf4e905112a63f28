using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Says in fewer channels what a teacher's layer says (Kim et al., 2018): an encoder that is trained, before the student, so that a decoder can rebuild the layer from it.
/// As a connector on the teacher's side it gives the factor.
/// </summary>
/// <remarks>The names are RepDistiller's: <c>encoder.0.weight</c>, <c>decoder.0.weight</c> and so on, with gaps where there is no normalisation.</remarks>
public sealed class Paraphraser : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "encoder")] private readonly Sequential _encoder;
    [ComponentName(Name = "decoder")] private readonly Sequential _decoder;

    /// <summary>Makes encoder and decoder.</summary>
    /// <param name="teacherChannels">The channels of the teacher's maps.</param>
    /// <param name="options">The factor's channels; the defaults where null.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <exception cref="ArgumentException">The factor would have no channel.</exception>
    public Paraphraser(long teacherChannels, FactorOptions? options = null, Generator? generator = null)
        : base(nameof(Paraphraser))
    {
        options ??= new();
        FactorChannels = FactorLayers.Channels(teacherChannels, options.Rate, nameof(teacherChannels));
        var normalized = options.Normalized ?? false;
        _encoder = FactorLayers.Encoder(teacherChannels, FactorChannels, normalized, generator);
        _decoder = FactorLayers.Decoder(teacherChannels, FactorChannels, normalized, generator);
        RegisterComponents();
    }

    /// <summary>The channels of the factor.</summary>
    public long FactorChannels { get; }

    /// <summary>The factor of a layer.</summary>
    /// <param name="input">The teacher's maps [N, C, H, W].</param>
    /// <returns>[N, <see cref="FactorChannels"/>, H, W].</returns>
    public override Tensor forward(Tensor input)
    {
        FeatureChecks.Map(input, nameof(input));
        return _encoder.call(input);
    }

    /// <summary>What the decoder makes of the factor: the first stage brings it near the layer.</summary>
    /// <param name="input">The teacher's maps [N, C, H, W].</param>
    /// <returns>As the input.</returns>
    public Tensor Reconstruct(Tensor input)
    {
        using var factor = call(input);
        return _decoder.call(factor);
    }

    /// <summary>The loss of the first stage: the mean square of reconstruction minus layer.</summary>
    /// <param name="input">The teacher's maps [N, C, H, W]; a constant.</param>
    /// <returns>A scalar.</returns>
    public Tensor ReconstructionLoss(Tensor input)
    {
        using var scope = NewDisposeScope();
        var layer = input.detach();
        return nn.functional.mse_loss(Reconstruct(layer), layer).MoveToOuterDisposeScope();
    }
}
