using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Gives each sample a soft auxiliary label: a softmax over the auxiliary classes of its own main class (Liu et al., "Self-Supervised Generalisation with Meta Auxiliary
/// Learning", 2019). State-dict names: "network".
/// </summary>
public sealed class LabelGenerator : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>1e-8, what the authors' repository leaves to auxiliary classes of other main classes.</summary>
    public const double DefaultFloor = 1e-8;

    [ComponentName(Name = "network")]
    private readonly nn.Module<Tensor, Tensor> _network;

    private readonly double _floor;

    /// <summary>Makes the generator.</summary>
    /// <param name="network">From inputs to scores [N, auxiliary classes]; it becomes a part of the generator.</param>
    /// <param name="classesOfEach">How many auxiliary classes each main class is split into: ψ, such as 5 for each.</param>
    /// <param name="floor">What the softmax counts for the classes of other main classes, relative to 1 for the own; 0 leaves them out.</param>
    /// <exception cref="ArgumentException">There is no main class, or one has no auxiliary class.</exception>
    public LabelGenerator(nn.Module<Tensor, Tensor> network, IReadOnlyList<int> classesOfEach, double floor = DefaultFloor)
        : base(nameof(LabelGenerator))
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classesOfEach);
        if (classesOfEach.Count == 0 || classesOfEach.Any(count => count < 1))
        {
            throw new ArgumentException($"Expected at least one auxiliary class for each main class; they are: {string.Join(", ", classesOfEach)}.", nameof(classesOfEach));
        }

        _network = network;
        ClassesOfEach = [.. classesOfEach];
        _floor = floor is >= 0 and < 1 ? floor : throw new ArgumentOutOfRangeException(nameof(floor), floor, "Expected at least 0 and less than 1.");
        RegisterComponents();
    }

    /// <summary>How many auxiliary classes each main class has.</summary>
    public IReadOnlyList<int> ClassesOfEach { get; }

    /// <summary>The softmax over the own main class's auxiliary classes, by the largest score alone, so that no score is too large.</summary>
    /// <param name="scores">[N, auxiliary classes].</param>
    /// <param name="labels">Main classes [N], int64.</param>
    /// <param name="classesOfEach">How many auxiliary classes each main class has, in their order.</param>
    /// <param name="floor">What the classes of others count relative to the own.</param>
    /// <returns>[N, auxiliary classes]: exp(score) · m / Σ exp(score) · m, where m is 1 for the own classes and the floor for others.</returns>
    /// <exception cref="ArgumentException">The shapes, types or devices do not fit, or a label is no class.</exception>
    public static Tensor MaskedSoftmax(Tensor scores, Tensor labels, IReadOnlyList<int> classesOfEach, double floor = DefaultFloor)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classesOfEach);
        var classes = classesOfEach.Sum();
        if (scores.dim() != 2 || scores.size(1) != classes || !scores.is_floating_point())
        {
            throw new ArgumentException($"Expected scores [N, {classes}] of a floating type; the shape is {scores.ShapeText()}.", nameof(scores));
        }

        if (labels.dim() != 1 || labels.size(0) != scores.size(0) || labels.dtype != ScalarType.Int64 || !labels.SharesDeviceWith(scores))
        {
            throw new ArgumentException(
                $"Expected labels [{scores.size(0)}] of type Int64 on {scores.device}; the shape is {labels.ShapeText()}, the type {labels.dtype}.", nameof(labels));
        }

        SoftTargetChecks.CheckRange(labels, classesOfEach.Count);
        using var scope = NewDisposeScope();
        var mainOf = tensor(classesOfEach.SelectMany((count, main) => Enumerable.Repeat((long)main, count)).ToArray(), device: scores.device);
        var others = mainOf.unsqueeze(0).ne(labels.unsqueeze(1));
        var shifted = floor > 0
            ? scores + (others.to(scores.dtype) * Math.Log(floor))
            : scores.masked_fill(others, double.NegativeInfinity);
        return shifted.softmax(1).MoveToOuterDisposeScope();
    }

    /// <summary>The auxiliary labels of a batch.</summary>
    /// <param name="input">What the network takes.</param>
    /// <param name="labels">Main classes [N], int64.</param>
    /// <returns>[N, auxiliary classes], each row of sum 1.</returns>
    public override Tensor forward(Tensor input, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return MaskedSoftmax(_network.call(input), labels, ClassesOfEach, _floor).MoveToOuterDisposeScope();
    }
}
