using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The distance of where two layers look: the mean square between softmax over the positions of Σ over the channels of f². For self attention distillation (SAD), where each layer learns
/// from the next: a <see cref="Distiller"/> with a <see cref="SelfTeacher"/> and the pairs of <see cref="Successive"/>
/// (Hou, Ma, Liu and Loy, "Learning Lightweight Lane Detection CNNs by Self Attention Distillation", ICCV 2019).
/// </summary>
/// <remarks>
/// The smaller map is enlarged to the larger one, bilinearly with the corners kept, before the softmax. The authors give 0.1 as weight, once the network is partly trained. Their Torch
/// code (cardwing/Codes-for-Lane-Detection) enlarges both maps eightfold and hands them to a softmax without channels; this follows the paper's equations.
/// </remarks>
public sealed class SpatialAttentionLoss() : nn.Module<Tensor, Tensor, Tensor>(nameof(SpatialAttentionLoss))
{
    /// <summary>Each layer with the one after it, which teaches.</summary>
    /// <param name="layers">The layers' names, from the first to the last; at least two.</param>
    public static IReadOnlyList<TapPair> Successive(params IReadOnlyList<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count < 2) throw new ArgumentException($"Expected at least two layers; {layers.Count} came.", nameof(layers));
        return [.. layers.Zip(layers.Skip(1), (layer, next) => new TapPair(layer, next))];
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="student">Maps [N, C, H, W] of a floating type.</param>
    /// <param name="teacher">Maps [N, D, I, J] of the same type and on the same device; a constant.</param>
    /// <returns>A scalar, the mean over samples and positions.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    public override Tensor forward(Tensor student, Tensor teacher)
    {
        FeatureChecks.Maps(student, teacher, sameChannels: false);
        using var scope = NewDisposeScope();
        var (taught, teaching) = (student.square().sum([1L], keepdim: true), teacher.detach().square().sum([1L], keepdim: true));
        long[] size = [Math.Max(student.shape[2], teacher.shape[2]), Math.Max(student.shape[3], teacher.shape[3])];
        return (Attention(taught, size) - Attention(teaching, size)).square().mean().MoveToOuterDisposeScope();
    }

    private static Tensor Attention(Tensor energy, long[] size)
    {
        var laid = energy.shape[2] == size[0] && energy.shape[3] == size[1]
            ? energy
            : nn.functional.interpolate(energy, size, mode: InterpolationMode.Bilinear, align_corners: true);
        return laid.flatten(1).softmax(1);
    }
}
