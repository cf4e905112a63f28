using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Boxes of fixed sizes and shapes at every cell of feature maps, of which the region proposals are moved copies
/// (Ren et al., "Faster R-CNN", 2015), as torchvision lays them.
/// </summary>
/// <remarks>
/// An anchor's centre is the corner of its cell towards the origin, and its sides are rounded to whole pixels after they were halved, half to even.
/// Anchors may stand out of the image. Their order is that of rows, columns, ratios and sizes, the last fastest.
/// </remarks>
public sealed class AnchorGenerator
{
    private const int PyramidCell = 8, Coordinates = 4;
    private static readonly double[] SingleMapCells = [2, 4, 8, 16, 32];
    private readonly float[][] _cells;

    /// <summary>Makes the anchors of a cell for each map.</summary>
    /// <param name="sizes">For each map the sizes: the square roots of the anchors' areas in pixels of the resized image.</param>
    /// <param name="ratios">Heights over widths, the same for all maps; 0.5, 1 and 2 where null.</param>
    /// <exception cref="ArgumentException">There are none, or one is not above 0 and finite.</exception>
    public AnchorGenerator(IReadOnlyList<IReadOnlyList<double>> sizes, IReadOnlyList<double>? ratios = null)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ratios ??= DefaultRatios;
        if (sizes.Count == 0 || sizes.Any(one => !Fits(one))) throw new ArgumentException("Expected at least one finite size above 0 for each map.", nameof(sizes));
        if (!Fits(ratios)) throw new ArgumentException("Expected at least one finite ratio above 0.", nameof(ratios));
        (Sizes, Ratios) = (sizes, ratios);
        _cells = [.. sizes.Select(one => Cell(one, ratios))];
    }

    /// <summary>0.5, 1 and 2.</summary>
    public static IReadOnlyList<double> DefaultRatios { get; } = [0.5, 1, 2];

    /// <summary>The sizes for each map.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Sizes { get; }

    /// <summary>Heights over widths.</summary>
    public IReadOnlyList<double> Ratios { get; }

    /// <summary>
    /// Anchors that fit maps of these strides: for a pyramid one size a map, eight times its stride, which is 32 to 512 for strides of 4 to 64; for a
    /// single map two to 32 times its stride, which is 32 to 512 for a stride of 16.
    /// </summary>
    /// <param name="strides">The pixels of the image from one cell of a map to the next.</param>
    /// <returns>The generator.</returns>
    public static AnchorGenerator For(IReadOnlyList<long> strides)
    {
        ArgumentNullException.ThrowIfNull(strides);
        return new([.. strides.Select(stride => (IReadOnlyList<double>)(strides.Count == 1 ? [.. SingleMapCells.Select(cells => cells * stride)] : [PyramidCell * stride]))]);
    }

    /// <summary>How many anchors a cell of each map has.</summary>
    public IReadOnlyList<int> PerCell => [.. _cells.Select(cell => cell.Length / Coordinates)];

    /// <summary>The anchors of all cells of the maps of one batch.</summary>
    /// <param name="grids">The heights and widths of the maps.</param>
    /// <param name="image">The size of the padded images, of which a cell is the whole part that falls to it.</param>
    /// <param name="like">A tensor that says the dtype and the device.</param>
    /// <returns>For each map [height · width · anchors, 4], in the dispose scope of the caller.</returns>
    /// <exception cref="ArgumentException">There is another number of maps than of sizes.</exception>
    public IReadOnlyList<Tensor> Generate(IReadOnlyList<ImageSize> grids, ImageSize image, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(grids);
        ArgumentNullException.ThrowIfNull(like);
        if (grids.Count != _cells.Length)
            throw new ArgumentException($"There are {grids.Count} feature maps, and the anchors have sizes for {_cells.Length}.", nameof(grids));
        return [.. grids.Select((grid, i) => Grid(_cells[i], grid, image, like))];
    }

    private static Tensor Grid(float[] cell, ImageSize grid, ImageSize image, Tensor like)
    {
        using var scope = NewDisposeScope();
        var perCell = cell.Length / Coordinates;
        using var onHost = tensor(cell, [1, 1, perCell, Coordinates]);
        var corners = onHost.to(like.dtype, like.device);
        var rows = (arange(grid.Height, dtype: like.dtype, device: like.device) * (image.Height / grid.Height)).view(-1, 1, 1);
        var columns = (arange(grid.Width, dtype: like.dtype, device: like.device) * (image.Width / grid.Width)).view(1, -1, 1);
        var anchors = empty([grid.Height, grid.Width, perCell, Coordinates], dtype: like.dtype, device: like.device);
        for (var i = 0; i < Coordinates; i++)
            anchors.select(-1, i).copy_(corners.select(-1, i) + (i % 2 == 0 ? columns : rows));
        return anchors.view(-1, Coordinates).MoveToOuterDisposeScope();
    }

    // In single precision, as the originals are made: the roundings decide about whole pixels.
    private static float[] Cell(IReadOnlyList<double> sizes, IReadOnlyList<double> ratios)
    {
        var cell = new List<float>();
        foreach (var ratio in ratios)
        {
            var high = MathF.Sqrt((float)ratio);
            var wide = 1 / high;
            foreach (var size in sizes)
            {
                var (width, height) = (wide * (float)size, high * (float)size);
                cell.AddRange([Half(-width), Half(-height), Half(width), Half(height)]);
            }
        }

        return [.. cell];

        static float Half(float side) => MathF.Round(side / 2, MidpointRounding.ToEven);
    }

    private static bool Fits(IReadOnlyList<double>? values) => values is { Count: > 0 } && values.All(value => value > 0 && double.IsFinite(value));
}
