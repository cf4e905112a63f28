using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What two sets of boxes have in common, in tensors of any shapes that broadcast.</summary>
/// <param name="First">(x1, y1, x2, y2) of the first set.</param>
/// <param name="Second">Those of the second.</param>
/// <param name="Epsilon">Keeps divisors off 0.</param>
/// <param name="Guarded">Whether ε is also added to the divisors of the IoU and of the generalised IoU, as in the losses.</param>
internal sealed record BoxOverlap(Tensor[] First, Tensor[] Second, double Epsilon, bool Guarded)
{
    /// <summary>10⁻⁷, as in torchvision.</summary>
    public const double DefaultEpsilon = 1e-7;

    private Tensor Intersection => (Min(2) - Max(0)).clamp_min(0) * (Min(3) - Max(1)).clamp_min(0);

    private Tensor Enclosing => (Max(2) - Min(0)).clamp_min(0) * (Max(3) - Min(1)).clamp_min(0);

    private double Guard => Guarded ? Epsilon : 0;

    /// <summary>The overlap of each of [N, 4] with each of [M, 4].</summary>
    public static BoxOverlap EveryPair(Tensor first, Tensor second) => new(Sides(first.unsqueeze(1)), Sides(second.unsqueeze(0)), DefaultEpsilon, false);

    /// <summary>The overlap of boxes with their counterparts, [..., 4] both.</summary>
    public static BoxOverlap Counterparts(Tensor first, Tensor second, double epsilon) => new(Sides(first), Sides(second), epsilon, true);

    /// <summary>Intersection over union.</summary>
    public Tensor Iou
    {
        get
        {
            var intersection = Intersection;
            return intersection / (Union(intersection) + Guard);
        }
    }

    /// <summary>The generalised IoU.</summary>
    public Tensor Generalized
    {
        get
        {
            var (intersection, enclosing) = (Intersection, Enclosing);
            var union = Union(intersection);
            return (intersection / (union + Guard)) - ((enclosing - union) / (enclosing + Guard));
        }
    }

    /// <summary>The distance IoU.</summary>
    public Tensor Distance
    {
        get
        {
            var diagonal = (Max(2) - Min(0)).clamp_min(0).square() + (Max(3) - Min(1)).clamp_min(0).square() + Epsilon;
            var x = ((First[0] + First[2]) / 2) - ((Second[0] + Second[2]) / 2);
            var y = ((First[1] + First[3]) / 2) - ((Second[1] + Second[3]) / 2);
            return Iou - ((x.square() + y.square()) / diagonal);
        }
    }

    /// <summary>α v of the complete IoU, where v = 4/π² (Δ atan(w/h))² and α, which gets no gradient, is v / (1 − IoU + v + ε).</summary>
    public Tensor AspectTerm
    {
        get
        {
            var v = (Aspect(First) - Aspect(Second)).square() * (4 / (Math.PI * Math.PI));
            return (v / (1 - Iou + v + Epsilon)).detach() * v;
        }
    }

    private static Tensor[] Sides(Tensor boxes) => [.. Enumerable.Range(0, 4).Select(i => boxes.select(-1, i))];

    private static Tensor Area(Tensor[] box) => (box[2] - box[0]) * (box[3] - box[1]);

    private static Tensor Aspect(Tensor[] box) => ((box[2] - box[0]) / (box[3] - box[1])).atan();

    private Tensor Union(Tensor intersection) => Area(First) + Area(Second) - intersection;

    private Tensor Max(int side) => torch.maximum(First[side], Second[side]);

    private Tensor Min(int side) => torch.minimum(First[side], Second[side]);
}
