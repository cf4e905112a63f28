using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>The focal loss of flattened scores [N, C, P].</summary>
internal sealed class FocalTerms(FocalLossOptions options, SegmentationInput input)
{
    /// <summary>What probabilities are kept away from 0 and 1 by, as in segmentation_models.pytorch.</summary>
    public const double Margin = 1e-7;

    /// <summary>Keeps the slope of a root finite at 0.</summary>
    private const double LeastRoot = 1e-30;

    /// <summary>Long before it p is 0 in any floating type; −∞ times 0 would be NaN.</summary>
    public const double SmallestLogarithm = -10_000;

    /// <summary>Scalar, or [N, P] for a softmax and [N, C, P] for a sigmoid without a reduction.</summary>
    public Tensor InTensors(Tensor scores)
    {
        var (targets, valid) = input.Dense();
        var losses = input.Activation == ScoreActivation.Softmax ? OverClasses(scores, targets) : YesOrNo(scores, targets);
        if (SegmentationChecks.WeightsOf(options.ClassWeights, input.Classes, scores) is { } weights)
        {
            losses = losses * weights.unsqueeze(1);
        }

        losses = losses.where(valid, zeros_like(losses));
        if (input.Activation == ScoreActivation.Softmax)
        {
            losses = losses.sum(1);
            valid = valid.any(1);
        }

        return options.Reduction switch
        {
            nn.Reduction.None => losses,
            nn.Reduction.Sum => losses.sum(),
            _ => losses.sum() / valid.expand_as(losses).sum(),
        };
    }

    private Tensor OverClasses(Tensor scores, Tensor targets)
    {
        var logP = nn.functional.log_softmax(scores, 1).clamp_min(SmallestLogarithm);
        var losses = (Modulated(logP.exp().neg() + 1, logP.neg())) * targets;
        if (options.Alpha is not { } alpha)
        {
            return losses;
        }

        var shares = full_like(losses.detach(), alpha);
        shares.narrow(1, 0, 1).fill_(1 - alpha);
        return losses * shares;
    }

    private Tensor YesOrNo(Tensor scores, Tensor targets)
    {
        Tensor wrong, crossEntropy;
        if (input.Activation == ScoreActivation.Sigmoid)
        {
            crossEntropy = nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction: nn.Reduction.None);
            wrong = (scores.sigmoid() * (1 - targets)) + (scores.neg().sigmoid() * targets);
        }
        else
        {
            var p = scores.clamp(Margin, 1 - Margin);
            crossEntropy = ((p.log() * targets) + ((1 - p).log() * (1 - targets))).neg();
            wrong = (p * (1 - targets)) + ((1 - p) * targets);
        }

        var losses = Modulated(wrong, crossEntropy);
        return options.Alpha is { } alpha ? losses * ((targets * alpha) + ((1 - targets) * (1 - alpha))) : losses;
    }

    private Tensor Modulated(Tensor wrong, Tensor crossEntropy) => options.Gamma switch
    {
        0 => crossEntropy,
        < 1 => wrong.clamp_min(LeastRoot).pow(options.Gamma) * crossEntropy,
        _ => wrong.pow(options.Gamma) * crossEntropy,
    };
}
