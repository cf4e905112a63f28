using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Any network from images to one feature map, such as the convolutions of a VGG, as a backbone. It owns the network, whose name is <c>body</c>.</summary>
public sealed class SingleMapBackbone : DetectionBackbone
{
    [ComponentName(Name = "body")] private readonly nn.Module<Tensor, Tensor> _body;

    /// <summary>Takes a network. One image of zeros goes through it, to see the channels and the stride.</summary>
    /// <param name="body">The network, from [N, 3, H, W] to [N, C, h, w].</param>
    /// <exception cref="ArgumentException">It does not give a map.</exception>
    public SingleMapBackbone(nn.Module<Tensor, Tensor> body) : base(nameof(SingleMapBackbone))
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
        var map = MapShape.Probe(body, images => [body.call(images)])[0];
        (Channels, Strides) = (map.Channels, [map.Stride]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override long Channels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<long> Strides { get; }

    /// <summary>Makes the map.</summary>
    /// <param name="input">Images, [N, 3, H, W].</param>
    /// <returns>One map, [N, C, h, w].</returns>
    public override IReadOnlyList<Tensor> forward(Tensor input) => [_body.call(input)];
}
