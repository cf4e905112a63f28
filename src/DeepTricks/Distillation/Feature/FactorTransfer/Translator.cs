using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Brings a student's layer into the terms of the teacher's factor (Kim et al., 2018). A connector on the student's side that learns with it.</summary>
/// <remarks>The names are RepDistiller's: <c>encoder.0.weight</c> and so on.</remarks>
public sealed class Translator : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "encoder")] private readonly Sequential _encoder;

    /// <summary>Makes the encoder.</summary>
    /// <param name="studentChannels">The channels of the student's maps.</param>
    /// <param name="teacherChannels">The channels of the teacher's maps, of which the factor has a share.</param>
    /// <param name="options">The factor's channels, as the paraphraser has them; the defaults where null.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    /// <exception cref="ArgumentException">The factor would have no channel.</exception>
    public Translator(long studentChannels, long teacherChannels, FactorOptions? options = null, Generator? generator = null)
        : base(nameof(Translator))
    {
        options ??= new();
        FeatureChecks.Count(studentChannels, nameof(studentChannels));
        var factor = FactorLayers.Channels(teacherChannels, options.Rate, nameof(teacherChannels));
        _encoder = FactorLayers.Encoder(studentChannels, factor, options.Normalized ?? true, generator);
        RegisterComponents();
    }

    /// <summary>The factor of a layer.</summary>
    /// <param name="input">The student's maps [N, C, H, W].</param>
    /// <returns>[N, channels of the factor, H, W].</returns>
    public override Tensor forward(Tensor input)
    {
        FeatureChecks.Map(input, nameof(input));
        return _encoder.call(input);
    }
}
