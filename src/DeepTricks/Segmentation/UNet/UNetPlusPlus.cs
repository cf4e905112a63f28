using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Segmentation;

/// <summary>
/// UNet++ (Zhou et al. 2018, 2020): U-Nets of every depth that share their encoder, nested in one another. Trained with deep supervision it can be pruned:
/// <see cref="Depth"/> says how deep it computes.
/// </summary>
/// <remarks>Names and computation: <see cref="UNetPlusPlusLayout"/>.</remarks>
public sealed class UNetPlusPlus : UNetNetwork
{
    private readonly UNetPlusPlusOptions _options;
    private readonly DoubleConvolution[] _encoder;

    // By level and column, from column 1; and by depth.
    private readonly Dictionary<(int Level, int Column), Func<Tensor, Tensor[], Tensor>> _nodes = [];
    private readonly Dictionary<int, Conv2d> _heads;

    /// <summary>Makes the network with first weights drawn as the original draws them.</summary>
    /// <param name="options">The architecture; where null that of UNet-Version with deep supervision, which returns logits.</param>
    public UNetPlusPlus(UNetPlusPlusOptions? options = null) : base(nameof(UNetPlusPlus), options ??= new())
    {
        _options = options;
        var (filters, device) = (options.Filters, options.Device);
        var nested = options.Layout == UNetPlusPlusLayout.NestedUNet;
        var deepest = filters.Count - 1;
        _encoder = [.. filters.Select((channels, i) =>
            Named(nested ? $"conv{i}_0" : $"conv{i}0", new DoubleConvolution(i == 0 ? options.InputChannels : filters[i - 1], channels, options.BatchNorm, device, flat: nested)))];
        for (var column = 1; column <= deepest; column++)
        {
            for (var level = 0; level + column <= deepest; level++)
            {
                if (nested)
                {
                    var node = Named($"conv{level}_{column}", new DoubleConvolution((filters[level] * column) + filters[level + 1], filters[level], options.BatchNorm, device, flat: true));
                    _nodes.Add((level, column), (below, skips) => Joined(node, below, skips));
                }
                else
                {
                    _nodes.Add((level, column), Named($"up_concat{level}{column}", new UpBlock(filters[level + 1], filters[level], column, device)).call);
                }
            }
        }

        // UNet-Version has all heads, used or not.
        _heads = Enumerable.Range(1, deepest).Where(depth => options.DeepSupervision || !nested || depth == deepest).ToDictionary(depth => depth, depth =>
            Named(!nested ? $"final_{depth}" : options.DeepSupervision ? $"final{depth}" : "final", nn.Conv2d(filters[0], options.NumClasses, 1, device: device)));
        Depth = deepest;
        DrawWeights(asPyTorch: nested);
    }

    /// <summary>
    /// How deep the network computes, in training as in evaluation: with d, the nodes that the map of depth d depends on and no other. At
    /// first all levels but the first; with less, the result is the map of that depth, <c>Sides[d - 1]</c> of the whole network.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 1 and the number of levels less one.</exception>
    /// <exception cref="InvalidOperationException">The network has no deep supervision, so that the map of that depth is not trained.</exception>
    public int Depth
    {
        get;
        set
        {
            if (value < 1 || value >= Levels) throw new ArgumentOutOfRangeException(nameof(Depth), value, $"Expected 1 to {Levels - 1}.");
            if (value < Levels - 1 && !_options.DeepSupervision)
                throw new InvalidOperationException($"Without deep supervision only the map of depth {Levels - 1} is trained.");
            field = value;
        }
    }

    private protected override SegmentationMaps Run(Tensor images, bool sides)
    {
        var rows = new List<Tensor>[Depth + 1];
        for (var level = 0; level <= Depth; level++)
            rows[level] = [_encoder[level].call(level == 0 ? images : nn.functional.max_pool2d(rows[level - 1][0], 2L))];
        for (var column = 1; column <= Depth; column++)
            for (var level = 0; level + column <= Depth; level++)
                rows[level].Add(_nodes[(level, column)](rows[level + 1][column - 1], [.. rows[level]]));

        var mean = _options is { DeepSupervision: true, Layout: UNetPlusPlusLayout.UNetVersion } && Depth == Levels - 1;
        var depths = mean || (sides && _options.DeepSupervision) ? Enumerable.Range(1, Depth) : [Depth];
        var logits = depths.Select(depth => _heads[depth].call(rows[0][depth])).ToArray();
        if (!mean)
        {
            Tensor[] maps = [.. logits.Select(Finished)];
            return new(maps[^1], maps);
        }

        var sum = logits[0];
        foreach (var one in logits[1..]) sum = sum + one;
        return new(Finished(sum / logits.Length), [.. logits.Select(Finished)]);
    }

    private static Tensor Joined(DoubleConvolution convolution, Tensor below, Tensor[] skips)
    {
        using var scope = NewDisposeScope();
        var size = skips[0].shape[2..];
        using var up = nn.functional.interpolate(below, size, mode: InterpolationMode.Bilinear, align_corners: true);
        using var joined = cat([.. skips, up], 1);
        return convolution.call(joined).MoveToOuterDisposeScope();
    }
}
