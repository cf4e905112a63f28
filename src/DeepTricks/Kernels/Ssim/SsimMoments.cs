using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepTricks.Kernels;

/// <summary>What the windows say of two images at one place: similarity, and its slopes by the window's means of x, of x² + y² and of xy.</summary>
internal readonly ref struct SsimMoments
{
    public readonly Vector<float> Value;
    public readonly Vector<float> ByMean;
    public readonly Vector<float> BySquares;
    public readonly Vector<float> ByProduct;

    /// <param name="x">The mean of x.</param>
    /// <param name="y">The mean of y.</param>
    /// <param name="squares">The mean of x² + y²: only their sum is needed.</param>
    /// <param name="product">The mean of xy.</param>
    /// <param name="c1">Against division by 0 in the luminance.</param>
    /// <param name="c2">Against division by 0 in contrast and structure.</param>
    /// <param name="luminance">Whether the value is SSIM rather than its contrast-structure part alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SsimMoments(
        Vector<float> x, Vector<float> y, Vector<float> squares, Vector<float> product, Vector<float> c1, Vector<float> c2, bool luminance)
    {
        var (meanProduct, meanSquares) = (x * y, (x * x) + (y * y));
        var perVariance = Vector<float>.One / (squares - meanSquares + c2);
        var covariance = product - meanProduct;
        var contrast = (covariance + covariance + c2) * perVariance;
        perVariance += perVariance;
        var byContrastMean = ((x * contrast) - y) * perVariance;
        if (!luminance)
        {
            Value = contrast;
            ByMean = byContrastMean;
            BySquares = contrast * perVariance * new Vector<float>(-0.5f);
            ByProduct = perVariance;
            return;
        }

        var perMeans = Vector<float>.One / (meanSquares + c1);
        var light = (meanProduct + meanProduct + c1) * perMeans;
        Value = light * contrast;
        ByMean = (light * byContrastMean) + (contrast * (y - (light * x)) * (perMeans + perMeans));
        BySquares = Value * perVariance * new Vector<float>(-0.5f);
        ByProduct = light * perVariance;
    }
}
