using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Pooling by bilinear samples in tensor operations, of any device and floating type, differentiable as often as wanted.</summary>
internal static class SampledPooling
{
    /// <summary>RoIAlign of upright regions [K, 5].</summary>
    public static Tensor Align(Tensor features, Tensor regions, RoiAlignOptions options)
    {
        var boxes = regions.detach();
        return Pool(features, FirstRows(features, boxes, 1), SampleGrid.Upright(boxes, options), options);
    }

    /// <summary>RoIAlign of turned regions [K, 6].</summary>
    public static Tensor AlignRotated(Tensor features, Tensor regions, RoiAlignOptions options)
    {
        var boxes = regions.detach();
        return Pool(features, FirstRows(features, boxes, 1), SampleGrid.Rotated(boxes, options), options);
    }

    /// <summary>Position-sensitive RoIAlign: each bin reads channels of its own.</summary>
    public static Tensor AlignPositionSensitive(Tensor features, Tensor regions, RoiAlignOptions options)
    {
        var boxes = regions.detach();
        return Pool(features, FirstRows(features, boxes, options.OutputHeight * options.OutputWidth).view(-1, options.OutputHeight, options.OutputWidth),
            SampleGrid.Upright(boxes, options), options, options.OutputHeight * options.OutputWidth);
    }

    /// <summary>The map as a table of cells: [N * parts * H * W, C / parts], where channel c of the map is channel c / parts of part c % parts.</summary>
    public static Tensor Cells(Tensor features, long parts)
    {
        var (images, channels, height, width) = (features.shape[0], features.shape[1], features.shape[2], features.shape[3]);
        return features.reshape(images, channels / parts, parts, height, width).permute(0, 2, 3, 4, 1).reshape(-1, channels / parts);
    }

    /// <summary>[K, 1, parts], the first row in the table of cells for each region and part.</summary>
    public static Tensor FirstRows(Tensor features, Tensor regions, long parts)
    {
        var cells = features.shape[2] * features.shape[3];
        var images = regions.select(1, 0).to(ScalarType.Int64).view(-1, 1, 1);
        return ((images * parts) + arange(parts, ScalarType.Int64, features.device)) * cells;
    }

    /// <summary>One number for each bin and channel, which is a function of the cells for autograd even where no bin takes any.</summary>
    public static Tensor Constant(Tensor cells, long[] bins, double value) =>
        torch.full([bins[0] * bins[1] * bins[2], cells.shape[1]], value, cells.dtype, cells.device) + cells.narrow(0, 0, 0).sum();

    private static Tensor Pool(Tensor features, Tensor firstRows, SampleGrid grid, RoiAlignOptions options, long parts = 1)
    {
        var cells = Cells(features, parts);
        long[] shape = [firstRows.shape[0], options.OutputHeight, options.OutputWidth];
        var pooled = Constant(cells, shape, 0);
        Tensor? taken = null;
        for (var i = 0L; i < grid.Rows; i++)
        {
            for (var j = 0L; j < grid.Columns; j++)
            {
                var (y, x, exists) = grid.At(i, j);
                var value = Sample(cells, firstRows, y, x, (features.shape[2], features.shape[3]), shape);
                exists = exists.expand(shape).reshape(-1, 1);
                if (options.Pooling == RoiPooling.Average)
                {
                    pooled += torch.where(exists, value, torch.zeros_like(value));
                    continue;
                }

                var better = exists.logical_and(taken is null ? torch.ones_like(exists) : value.gt(pooled).logical_or(taken.logical_not()));
                taken = taken is null ? exists : taken.logical_or(exists);
                pooled = torch.where(better, value, pooled);
            }
        }

        pooled = pooled.view([.. shape, cells.shape[1]]).permute(0, 3, 1, 2);
        return options.Pooling == RoiPooling.Average ? pooled / grid.Count.unsqueeze(1) : pooled.contiguous();
    }

    /// <summary>Bilinear values at a position for each bin, [K * bins, C]; 0 more than one cell outside the map, and at NaN.</summary>
    private static Tensor Sample(Tensor cells, Tensor firstRows, Tensor y, Tensor x, (long Height, long Width) map, long[] shape)
    {
        var (top, bottom, down) = Neighbours(y, map.Height);
        var (left, right, along) = Neighbours(x, map.Width);
        var inside = Inside(y, map.Height).logical_and(Inside(x, map.Width)).to(cells.dtype);
        var (up, before) = ((1 - down) * inside, 1 - along);
        down *= inside;
        return Tap(top, left, up * before) + Tap(top, right, up * along) + Tap(bottom, left, down * before) + Tap(bottom, right, down * along);

        Tensor Tap(Tensor row, Tensor column, Tensor weight)
        {
            var index = (firstRows + (row * map.Width) + column).expand(shape).reshape(-1);
            return cells.index_select(0, index) * weight.expand(shape).reshape(-1, 1);
        }
    }

    private static Tensor Inside(Tensor position, long size) => position.ge(-1).logical_and(position.le(size));

    /// <summary>The cells before and after a position, and how far it is from the first to the second.</summary>
    private static (Tensor Low, Tensor High, Tensor Fraction) Neighbours(Tensor position, long size)
    {
        position = torch.where(Inside(position, size), position, torch.zeros_like(position)).clamp(0, size - 1);
        var low = position.floor();
        return (low.to(ScalarType.Int64), (low + 1).clamp_max(size - 1).to(ScalarType.Int64), position - low);
    }
}
