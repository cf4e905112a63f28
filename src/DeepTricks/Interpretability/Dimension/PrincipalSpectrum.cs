using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>The variances of points along their principal components, from one pass over the smaller of their two Gram matrices in double precision.</summary>
public sealed record PrincipalSpectrum
{
    private PrincipalSpectrum(IReadOnlyList<double> variances) => Variances = variances;

    /// <summary>The variances (of n − 1 degrees of freedom), falling; as many as the smaller of the numbers of points and features.</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>The part of all variance that each is.</summary>
    public IReadOnlyList<double> Parts
    {
        get
        {
            var total = Variances.Sum();
            return [.. Variances.Select(variance => total > 0 ? variance / total : 0)];
        }
    }

    /// <summary>The spectrum of points.</summary>
    /// <param name="points">
    /// [points, features], or of more dimensions of which the first is the points': at least 2 points, floating point and finite, on any device. The memory that is
    /// needed is that of a square matrix of the smaller number in double precision, and its eigenvalues take the time of the third power of it.
    /// </param>
    /// <param name="standardize">
    /// Whether each feature is divided by its standard deviation first; true by default, as in the study of deep networks. A constant feature stays 0.
    /// </param>
    /// <returns>The spectrum.</returns>
    /// <exception cref="ArgumentException">The points have another shape or type, are fewer than 2, or a number is not finite.</exception>
    public static PrincipalSpectrum Of(Tensor points, bool standardize = true)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var rows = DataPoints.Check(points, least: 2);
        var (count, features) = (rows.shape[0], rows.shape[1]);
        var size = Math.Min(count, features);
        var gram = zeros([size, size], ScalarType.Float64, rows.device);
        // Over chunks of features where those are more, else of points; each chunk is scaled as a whole.
        var scales = features <= count ? Scales(rows, standardize) : default;
        foreach (var (from, length) in features <= count ? DataPoints.Pieces(count, features) : DataPoints.Pieces(features, count))
        {
            using var piece = NewDisposeScope();
            var part = rows.narrow(features <= count ? 0 : 1, from, length).to(ScalarType.Float64);
            var (mean, scale) = features <= count ? scales : Scales(part, standardize);
            var scaled = part.sub(mean).div_(scale);
            gram.addmm_(features <= count ? scaled.t() : scaled, features <= count ? scaled : scaled.t());
        }

        var variances = linalg.eigvalsh(gram.div_(count - 1)).cpu().Values<double>();
        return new([.. variances.Reverse().Select(variance => Math.Max(0, variance))]);
    }

    /// <summary>The number of components that hold more than a part of the variance.</summary>
    /// <param name="options">Which part, and how it is counted; see <see cref="PrincipalDimensionOptions"/> for the defaults.</param>
    /// <returns>The number; 0 where nothing varies.</returns>
    public int Dimension(PrincipalDimensionOptions? options = null)
    {
        options ??= new();
        var sum = 0.0;
        var parts = Parts;
        for (var i = 0; i < parts.Count; i++)
        {
            sum += parts[i];
            if (sum > options.Variance) return options.ZeroBased ? i : i + 1;
        }

        return sum > 0 ? parts.Count : 0;
    }

    private static (Tensor Mean, Tensor Scale) Scales(Tensor points, bool standardize)
    {
        var mean = points.mean([0L], type: ScalarType.Float64);
        if (!standardize) return (mean, ones_like(mean));
        var variance = zeros_like(mean);
        foreach (var (from, count) in DataPoints.Pieces(points.shape[0], points.shape[1]))
        {
            using var scope = NewDisposeScope();
            variance.add_(points.narrow(0, from, count).to(ScalarType.Float64).sub(mean).square().sum(0L));
        }

        var deviation = variance.div_(points.shape[0]).sqrt();
        // What differs by less than rounding is constant.
        return (mean, deviation.masked_fill(deviation <= mean.abs() * 1e-14, 1));
    }
}
