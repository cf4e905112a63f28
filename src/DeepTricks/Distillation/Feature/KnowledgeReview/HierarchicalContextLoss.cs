using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The mean square at full size and after averaging to 4 × 4, 2 × 2 and 1 × 1, which count 1/2, 1/4 and 1/8; divided by the sum of what counts
/// (the HCL of Chen et al., "Distilling Knowledge via Knowledge Review", 2021, as in mdistiller and torchdistill). Sizes that are not below the map's height are left out.
/// </summary>
public sealed class HierarchicalContextLoss : nn.Module<Tensor, Tensor, Tensor>
{
    private static readonly long[] Sizes = [4, 2, 1];

    /// <summary>Makes the loss as a module.</summary>
    public HierarchicalContextLoss()
        : base(nameof(HierarchicalContextLoss))
    {
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps of the same shape, type and device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public override Tensor forward(Tensor student, Tensor teacher) => Compute(student, teacher);

    /// <summary>The loss as a function.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps of the same shape, type and device; a constant.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices differ.</exception>
    public static Tensor Compute(Tensor student, Tensor teacher)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: true);
        FeatureChecks.SameShape(student, teacher);
        return FeaturePair.Compare(student, teacher, (s, t) =>
        {
            var loss = nn.functional.mse_loss(s, t);
            var (weight, total) = (1.0, 1.0);
            foreach (var size in Sizes.Where(size => size < s.shape[2]))
            {
                weight /= 2;
                total += weight;
                loss = loss + (nn.functional.mse_loss(Averaged(s, size), Averaged(t, size)) * weight);
            }

            return loss / total;
        });

        static Tensor Averaged(Tensor map, long size) => nn.functional.adaptive_avg_pool2d(map, [size, size]);
    }
}
