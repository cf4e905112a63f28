using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// Moves proposals towards the objects by a linear function of their features, fitted by ridge regression (appendix C of the R-CNN paper): the targets
/// are (Δx/w, Δy/h, log of the width's ratio, log of the height's). As in the authors' code they are centred and decorrelated first, and the bias is
/// penalised like a weight.
/// </summary>
public sealed class BoxRidgeRegression : IDisposable
{
    private const double WhiteningFloor = 0.001;

    internal BoxRidgeRegression(Tensor weight, Tensor bias) => (Weight, Bias) = (weight, bias);

    /// <summary>[D, 4] float32, from the features to the targets.</summary>
    public Tensor Weight { get; }

    /// <summary>[4] float32.</summary>
    public Tensor Bias { get; }

    /// <summary>Fits: the closed form, in double precision, on the features' device.</summary>
    /// <param name="features">[N, D] float32, the proposals' features; N is at least 1.</param>
    /// <param name="boxes">[N, 4] float32, the proposals: left, top, right, bottom.</param>
    /// <param name="targets">[N, 4] float32, for each the box of the object that it overlaps most.</param>
    /// <param name="penalty">λ; 1000 by default, as in the paper, for features of norm 20.</param>
    /// <param name="whiten">Whether targets are centred and decorrelated; true by default, as in the authors' code.</param>
    /// <returns>The regression; to be disposed of.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="penalty"/> is not above 0.</exception>
    public static BoxRidgeRegression Fit(Tensor features, Tensor boxes, Tensor targets, double penalty = 1000, bool whiten = true)
    {
        Check(features, boxes);
        Check(features, targets);
        if (features.size(0) == 0) throw new ArgumentException("Expected at least one proposal.", nameof(features));
        if (!(penalty > 0) || !double.IsFinite(penalty)) throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "Expected a finite number above 0.");
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var a = cat([features, ones(features.size(0), 1, device: features.device)], 1).to(ScalarType.Float64);
        var y = Targets(boxes.to(ScalarType.Float64), targets.to(ScalarType.Float64));
        var mean = whiten ? y.mean([0]) : zeros(4, ScalarType.Float64, y.device);
        var (white, back) = whiten ? Whitening(y - mean) : (eye(4, dtype: ScalarType.Float64, device: y.device), eye(4, dtype: ScalarType.Float64, device: y.device));
        // The whitening is undone in the weights, so that only they and a bias remain.
        var beta = Solve(a, (y - mean).matmul(white), penalty).matmul(back);
        var last = beta.size(0) - 1;
        var weight = beta.narrow(0, 0, last).to(ScalarType.Float32);
        var bias = (beta[last] + mean).to(ScalarType.Float32);
        return new(weight.DetachFromDisposeScope(), bias.DetachFromDisposeScope());
    }

    /// <summary>Moves proposals.</summary>
    /// <param name="features">[N, D] float32, on the device of the weights.</param>
    /// <param name="boxes">[N, 4] float32.</param>
    /// <returns>[N, 4] float32; not clipped.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public Tensor Apply(Tensor features, Tensor boxes)
    {
        Check(features, boxes);
        if (features.size(1) != Weight.size(0)) throw new ArgumentException($"Expected {Weight.size(0)} features, and {features.size(1)} came.", nameof(features));
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var moves = features.matmul(Weight) + Bias;
        var size = Sizes(boxes);
        var center = Centers(boxes) + (moves.narrow(1, 0, 2) * size);
        var half = moves.narrow(1, 2, 2).exp() * size / 2;
        return cat([center - half, center + half], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes of the weights.</summary>
    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }

    private static Tensor Targets(Tensor boxes, Tensor truth) =>
        cat([(Centers(truth) - Centers(boxes)) / Sizes(boxes), (Sizes(truth) / Sizes(boxes)).log()], 1);

    private static Tensor Sizes(Tensor boxes) => boxes.narrow(1, 2, 2) - boxes.narrow(1, 0, 2);

    private static Tensor Centers(Tensor boxes) => (boxes.narrow(1, 0, 2) + boxes.narrow(1, 2, 2)) / 2;

    /// <summary>The symmetric root of the inverse of the targets' covariance, and the root itself.</summary>
    private static (Tensor White, Tensor Back) Whitening(Tensor centred)
    {
        var (values, vectors) = linalg.eigh(centred.t().matmul(centred) / centred.size(0));
        var roots = (values + WhiteningFloor).sqrt();
        return ((vectors / roots).matmul(vectors.t()), (vectors * roots).matmul(vectors.t()));
    }

    /// <summary>(AᵀA + λI)⁻¹AᵀY, or the same as Aᵀ(AAᵀ + λI)⁻¹Y where there are fewer proposals than features.</summary>
    private static Tensor Solve(Tensor a, Tensor y, double penalty)
    {
        var wide = a.size(0) < a.size(1);
        var gram = wide ? a.matmul(a.t()) : a.t().matmul(a);
        var root = (gram + (penalty * eye(gram.size(0), dtype: ScalarType.Float64, device: a.device))).cholesky();
        return wide ? a.t().matmul(y.cholesky_solve(root)) : a.t().matmul(y).cholesky_solve(root);
    }

    private static void Check(Tensor features, Tensor boxes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(boxes);
        if (features.dim() != 2 || features.dtype != ScalarType.Float32)
            throw new ArgumentException($"Expected features [N, D] float32, and {features.ShapeText()} {features.dtype} came.", nameof(features));
        if (boxes.dim() != 2 || boxes.size(0) != features.size(0) || boxes.size(1) != 4 || boxes.dtype != ScalarType.Float32 || !boxes.SharesDeviceWith(features))
        {
            throw new ArgumentException(
                $"Expected [{features.size(0)}, 4] float32 on {features.device}, and {boxes.ShapeText()} {boxes.dtype} on {boxes.device} came.", nameof(boxes));
        }
    }
}
