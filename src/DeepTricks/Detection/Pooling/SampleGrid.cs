using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Where the samples of K regions lie on the map, in tensors: one for each bin at a time, [K, rows, columns].</summary>
internal sealed class SampleGrid
{
    private readonly Tensor _startY, _startX, _binHeight, _binWidth, _gridHeight, _gridWidth;
    private readonly Tensor _row, _column;
    private readonly (Tensor CentreY, Tensor CentreX, Tensor Cosine, Tensor Sine)? _turn;

    private SampleGrid(Tensor start, Tensor size, (int Rows, int Columns) bins, int sampling, (Tensor, Tensor, Tensor, Tensor)? turn)
    {
        (_startX, _startY) = (Column(start, 0), Column(start, 1));
        var (width, height) = (Column(size, 0), Column(size, 1));
        (_binWidth, _binHeight) = (width / bins.Columns, height / bins.Rows);
        (_gridWidth, _gridHeight) = sampling > 0
            ? (torch.full_like(width, sampling), torch.full_like(height, sampling))
            : (_binWidth.ceil().nan_to_num(0, 0, 0).clamp_min(0), _binHeight.ceil().nan_to_num(0, 0, 0).clamp_min(0));
        Count = (_gridWidth * _gridHeight).clamp_min(1);
        (Rows, Columns) = sampling > 0 ? (sampling, sampling) : (Largest(_gridHeight), Largest(_gridWidth));
        _row = arange(bins.Rows, start.dtype, start.device).view(1, -1, 1);
        _column = arange(bins.Columns, start.dtype, start.device).view(1, 1, -1);
        _turn = turn;
    }

    /// <summary>The most samples that a bin has along its height.</summary>
    public long Rows { get; }

    /// <summary>The most samples that a bin has along its width.</summary>
    public long Columns { get; }

    /// <summary>[K, 1, 1], how many samples a bin of each region has, at least 1.</summary>
    public Tensor Count { get; }

    /// <summary>Upright regions [K, 5].</summary>
    public static SampleGrid Upright(Tensor regions, RoiAlignOptions options)
    {
        var scaled = (regions.narrow(1, 1, 4) * options.SpatialScale) - (options.Aligned ? 0.5 : 0);
        var start = scaled.narrow(1, 0, 2);
        var size = scaled.narrow(1, 2, 2) - start;
        return new(start, options.Aligned ? size : size.clamp_min(1), (options.OutputHeight, options.OutputWidth), options.SamplingRatio, null);
    }

    /// <summary>Regions [K, 6] turned about their centres, counterclockwise by degrees.</summary>
    public static SampleGrid Rotated(Tensor regions, RoiAlignOptions options)
    {
        var centre = (regions.narrow(1, 1, 2) * options.SpatialScale) - 0.5;
        var size = regions.narrow(1, 3, 2) * options.SpatialScale;
        var angle = Column(regions, 5) * (Math.PI / 180);
        return new(size * -0.5, size, (options.OutputHeight, options.OutputWidth), options.SamplingRatio,
            (Column(centre, 1), Column(centre, 0), angle.cos(), angle.sin()));
    }

    /// <summary>Sample (i, j) of every bin: its position, and whether the region has it at all.</summary>
    public (Tensor Y, Tensor X, Tensor Exists) At(long i, long j)
    {
        var y = _startY + (_row * _binHeight) + (_binHeight * (i + 0.5) / _gridHeight);
        var x = _startX + (_column * _binWidth) + (_binWidth * (j + 0.5) / _gridWidth);
        var exists = _gridHeight.gt(i).logical_and(_gridWidth.gt(j));
        return _turn is var (centreY, centreX, cosine, sine)
            ? ((y * cosine) - (x * sine) + centreY, (y * sine) + (x * cosine) + centreX, exists)
            : (y, x, exists);
    }

    private static Tensor Column(Tensor table, long column) => table.select(1, column).view(-1, 1, 1);

    private static long Largest(Tensor grid) => grid.numel() == 0 ? 0 : grid.max().to(ScalarType.Int64).cpu().item<long>();
}
