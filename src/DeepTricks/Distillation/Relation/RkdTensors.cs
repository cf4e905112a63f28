using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Distances and angles in tensor operations, of any device and floating type and differentiable as often as wanted: what <see cref="RkdKernel"/> computes,
/// in B³ elements for the angles.
/// </summary>
internal static class RkdTensors
{
    /// <summary>Squared distances below this share of the points' squares are what rounding leaves of 0.</summary>
    private const double Rounding = 1e-13;

    /// <summary>The loss of points [B, D] as a scalar of double precision.</summary>
    public static Tensor Loss(Tensor student, Tensor teacher, RkdLossOptions options)
    {
        var (own, theirs) = (Products(student), Products(teacher));
        var loss = own.sum() * 0;
        if (options.DistanceWeight > 0 && student.shape[0] > 1)
        {
            loss += nn.functional.smooth_l1_loss(Distances(own, options), Distances(theirs, options)) * options.DistanceWeight;
        }

        return options.AngleWeight > 0 ? loss + (nn.functional.smooth_l1_loss(Angles(own), Angles(theirs)) * options.AngleWeight) : loss;
    }

    private static Tensor Products(Tensor points)
    {
        var exact = points.to(ScalarType.Float64);
        var centred = exact - exact.mean([0], keepdim: true).detach();
        return centred.mm(centred.t());
    }

    private static Tensor Squares(Tensor products, out Tensor own)
    {
        var diagonal = products.diagonal();
        own = diagonal.unsqueeze(0) + diagonal.unsqueeze(1);
        return own - (products * 2);
    }

    private static Tensor Distances(Tensor products, RkdLossOptions options)
    {
        var count = products.shape[0];
        var others = 1 - eye(count, dtype: products.dtype, device: products.device);
        var distances = Squares(products, out _).clamp_min(options.SmallestSquare).sqrt() * others;
        return distances / ((distances.sum() / (count * (count - 1))) + options.MeanOffset);
    }

    private static Tensor Angles(Tensor products)
    {
        var squares = Squares(products, out var own);
        var apart = squares.gt(own * Rounding);
        var inverses = squares.where(apart, torch.ones_like(squares)).rsqrt() * apart;
        // [a, b, c]: x_b·x_c − x_a·x_b − x_a·x_c + x_a·x_a.
        var spans = products.unsqueeze(0) - products.unsqueeze(2) - products.unsqueeze(1) + products.diagonal().reshape(-1, 1, 1);
        return spans * inverses.unsqueeze(2) * inverses.unsqueeze(1);
    }
}
