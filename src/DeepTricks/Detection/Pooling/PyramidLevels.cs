using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Which level of a feature pyramid a box is read from: floor(k0 + log2(√area / s0) + 10⁻⁶), kept within the levels there are
/// (Lin et al., "Feature Pyramid Networks for Object Detection", 2017, equation 1; the small number is torchvision's).
/// </summary>
/// <param name="Lowest">The level of the largest map: its stride is 2 to this power.</param>
/// <param name="Highest">The level of the smallest map.</param>
/// <param name="CanonicalScale">s0, in pixels.</param>
/// <param name="CanonicalLevel">k0.</param>
public sealed record PyramidLevels(int Lowest, int Highest, double CanonicalScale = 224, int CanonicalLevel = 4)
{
    private const double Tolerance = 1e-6;

    /// <summary>The levels of boxes, counted from the lowest.</summary>
    /// <param name="boxes">[K, 4] of (x1, y1, x2, y2) in pixels of the image, of a floating type.</param>
    /// <returns>[K], int64, in [0, highest − lowest]; 0 for a box without area.</returns>
    /// <exception cref="ArgumentException">The boxes are not [K, 4].</exception>
    public Tensor Of(Tensor boxes)
    {
        using var scope = NewDisposeScope();
        var side = Boxes.Area(boxes).sqrt();
        var level = ((side / CanonicalScale).log2() + CanonicalLevel + torch.tensor(Tolerance, side.dtype, side.device)).floor();
        return (level.nan_to_num(Lowest, Highest, Lowest).clamp(Lowest, Highest).to(ScalarType.Int64) - Lowest).MoveToOuterDisposeScope();
    }
}
