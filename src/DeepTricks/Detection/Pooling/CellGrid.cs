using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Pooling of whole cells in tensor operations, of any device and floating type, differentiable as often as wanted.</summary>
/// <param name="top">[K, rows, 1], the first row of cells of each bin, int64.</param>
/// <param name="bottom">The one after the last.</param>
/// <param name="left">[K, 1, columns], the first column of cells.</param>
/// <param name="right">The one after the last.</param>
internal sealed class CellGrid(Tensor top, Tensor bottom, Tensor left, Tensor right)
{
    /// <summary>The bins of regions [K, 5].</summary>
    public static CellGrid Of(Tensor regions, RoiPoolOptions options, bool inclusive, long height, long width)
    {
        var (top, bottom) = Axis(regions, 2, options, options.OutputHeight, inclusive, height);
        var (left, right) = Axis(regions, 1, options, options.OutputWidth, inclusive, width);
        return new(top.unsqueeze(2), bottom.unsqueeze(2), left.unsqueeze(1), right.unsqueeze(1));
    }

    /// <summary>The largest cell of each bin, 0 in an empty one.</summary>
    public Tensor Maximum(Tensor features, Tensor firstRows)
    {
        var cells = SampledPooling.Cells(features, 1);
        var shape = BinShape;
        var isEmpty = bottom.le(top).logical_or(right.le(left)).expand(shape).reshape(-1, 1);
        var best = SampledPooling.Constant(cells, shape, Kernels.MaximumBins.Least);
        ForEachCell((row, column, isInside) =>
        {
            var value = cells.index_select(0, Index(firstRows, row, column, features, shape));
            best = torch.where(isInside.expand(shape).reshape(-1, 1).logical_and(value.gt(best)), value, best);
        });
        return Shaped(torch.where(isEmpty, torch.zeros_like(best), best), shape);
    }

    /// <summary>The mean of each bin's cells, each of channels of its own; 0 in an empty one.</summary>
    public Tensor Mean(Tensor features, Tensor firstRows)
    {
        var shape = BinShape;
        var cells = SampledPooling.Cells(features, shape[1] * shape[2]);
        var sum = SampledPooling.Constant(cells, shape, 0);
        var count = ((bottom - top).clamp_min(0) * (right - left).clamp_min(0)).clamp_min(1).reshape(-1, 1);
        ForEachCell((row, column, isInside) =>
        {
            var weight = isInside.expand(shape).reshape(-1, 1).to(cells.dtype);
            sum += cells.index_select(0, Index(firstRows, row, column, features, shape)) * weight;
        });
        return Shaped(sum / count, shape);
    }

    private long[] BinShape => [top.shape[0], top.shape[1], left.shape[2]];

    private static Tensor Shaped(Tensor rows, long[] shape) => rows.view([.. shape, rows.shape[1]]).permute(0, 3, 1, 2).contiguous();

    private static Tensor Index(Tensor firstRows, Tensor row, Tensor column, Tensor features, long[] shape) =>
        (firstRows + (row.clamp(0, features.shape[2] - 1) * features.shape[3]) + column.clamp(0, features.shape[3] - 1)).expand(shape).reshape(-1);

    /// <summary>Goes through the cells of all bins at once, row by row: the first of each, the second, and so on.</summary>
    private void ForEachCell(Action<Tensor, Tensor, Tensor> body)
    {
        var (rows, columns) = (Largest(bottom - top), Largest(right - left));
        for (var i = 0L; i < rows; i++)
        {
            for (var j = 0L; j < columns; j++)
            {
                var (row, column) = (top + i, left + j);
                body(row, column, row.lt(bottom).logical_and(column.lt(right)));
            }
        }
    }

    private static long Largest(Tensor sizes) => sizes.numel() == 0 ? 0 : sizes.max().cpu().item<long>();

    private static (Tensor From, Tensor To) Axis(Tensor regions, long column, RoiPoolOptions options, int bins, bool inclusive, long last)
    {
        var (start, end) = (Whole(regions.narrow(1, column, 1) * options.SpatialScale), Whole(regions.narrow(1, column + 2, 1) * options.SpatialScale));
        var size = (end - start + (inclusive ? 1 : 0)).clamp_min(1) / bins;
        var bin = arange(bins, regions.dtype, regions.device).unsqueeze(0);
        return (((bin * size).floor() + start).clamp(0, last).to(ScalarType.Int64), (((bin + 1) * size).ceil() + start).clamp(0, last).to(ScalarType.Int64));
    }

    /// <summary>The nearest whole number, of two the one farther from zero.</summary>
    private static Tensor Whole(Tensor at)
    {
        var magnitude = at.abs();
        var down = magnitude.floor();
        return (down + (magnitude - down).ge(0.5).to(at.dtype)) * at.sign();
    }
}
