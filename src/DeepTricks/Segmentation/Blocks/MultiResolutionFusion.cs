using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// Multi-resolution fusion (Lin et al., "RefineNet", 2017): a convolution brings each input to the same channels, bilinear interpolation with aligned corners
/// brings it to the largest size, and they are added.
/// </summary>
/// <remarks>
/// The names are <c>convs.0</c>, <c>convs.1</c> and so on, in the order of the inputs, without bias. Where there is one input, nothing but its convolution is done.
/// </remarks>
public sealed class MultiResolutionFusion : nn.Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly IReadOnlyList<Conv2d> _convolutions;

    /// <summary>Makes a convolution for each input.</summary>
    /// <param name="inputChannels">The channels of each input, at least 1 each.</param>
    /// <param name="channels">The channels of the result; the fewest of the inputs' in the paper.</param>
    /// <param name="options">The side of the convolutions; the defaults where null.</param>
    /// <exception cref="ArgumentException">There are no inputs or no channels.</exception>
    public MultiResolutionFusion(IReadOnlyList<long> inputChannels, long channels, MultiResolutionFusionOptions? options = null) : base(nameof(MultiResolutionFusion))
    {
        ArgumentNullException.ThrowIfNull(inputChannels);
        if (inputChannels.Count == 0) throw new ArgumentException("Expected the channels of at least one input.", nameof(inputChannels));
        foreach (var one in inputChannels) RefinementLayers.CheckChannels(one, nameof(inputChannels));
        RefinementLayers.CheckChannels(channels, nameof(channels));
        options ??= new();
        _convolutions = [.. inputChannels.Select(one => RefinementLayers.Convolution(one, channels, options))];
        register_module("convs", nn.ModuleList([.. _convolutions]));
    }

    /// <summary>Fuses.</summary>
    /// <param name="input">Features, one for each input of the constructor: [N, its channels, H, W] with their own H and W, of the type and on the device of the weights.</param>
    /// <returns>[N, channels, H, W] with the largest H and the largest W of the inputs.</returns>
    /// <exception cref="ArgumentException">The features have another number, shape, type or device.</exception>
    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        Check(input);
        using var scope = NewDisposeScope();
        var (height, width) = (input.Max(one => one.size(2)), input.Max(one => one.size(3)));
        Tensor? sum = null;
        for (var i = 0; i < input.Count; i++)
        {
            var adapted = _convolutions[i].call(input[i]);
            if (sum is not null)
            {
                RefinementLayers.AddResized(sum, adapted);
                continue;
            }

            sum = RefinementLayers.Resized(adapted, height, width);
            if (!ReferenceEquals(sum, adapted)) adapted.Dispose();
        }

        return sum!.MoveToOuterDisposeScope();
    }

    private void Check(IReadOnlyList<Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Count != _convolutions.Count) throw new ArgumentException($"Expected {_convolutions.Count} inputs, and {input.Count} came.", nameof(input));
        for (var i = 0; i < input.Count; i++) RefinementLayers.CheckFeatures(input[i], _convolutions[i], nameof(input));
        if (input.FirstOrDefault(one => one.size(0) != input[0].size(0)) is { } other)
            throw new ArgumentException($"Expected inputs of as many images, and {input[0].size(0)} and {other.size(0)} came.", nameof(input));
    }
}
