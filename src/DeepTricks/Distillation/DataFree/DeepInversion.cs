using DeepTricks.Kernels;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Images out of a trained network: noise is optimised until the network sees the wanted classes, and its batch normalisations the statistics they were
/// trained on (Yin et al., "Dreaming to Distill: Data-Free Knowledge Transfer via DeepInversion", CVPR 2020; equal to NVlabs/DeepInversion's script for CIFAR-10).
/// </summary>
/// <remarks>
/// <para>
/// Both networks run in evaluation mode: their weights and statistics stay, and no parameter of theirs gets a gradient. A network that folds its
/// normalisations into convolutions (see the backbones) must not do so here.
/// </para>
/// <para>
/// The authors keep the images of the least loss by a reference that later steps overwrite, so that they get the last ones; <see cref="Best"/> is a copy.
/// </para>
/// </remarks>
public sealed class DeepInversion : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _teacher;
    private readonly nn.Module<Tensor, Tensor>? _student;
    private readonly DeepInversionOptions _options;
    private readonly ConstantPass _pass;
    private readonly ConstantPass? _studentPass;
    private readonly NormStatistics _statistics;
    private Tensor? _best;

    /// <summary>Joins the networks.</summary>
    /// <param name="teacher">The network that images are got from, from images [N, C, H, W] to logits [N, K], with batch normalisations.</param>
    /// <param name="student">The network that images shall be hard for, where the competition counts; else null.</param>
    /// <param name="options">The settings; the authors' script's where null.</param>
    /// <exception cref="ArgumentException">The teacher has no batch normalisation whose statistics count, or there is no student to compete with.</exception>
    public DeepInversion(nn.Module<Tensor, Tensor> teacher, nn.Module<Tensor, Tensor>? student = null, DeepInversionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        (_teacher, _student, _options) = (teacher, student, options ?? new());
        if (_options.CompetitionWeight > 0 && student is null)
        {
            throw new ArgumentException("The competition needs a student.", nameof(student));
        }

        (_pass, _studentPass) = (new(teacher), student is null ? null : new(student));
        _statistics = new(teacher);
        if (_options.StatisticsWeight > 0 && _statistics.Layers.Count == 0)
        {
            _statistics.Dispose();
            throw new ArgumentException("The teacher has no BatchNorm2d with running statistics.", nameof(teacher));
        }
    }

    /// <summary>A copy of the images whose loss was the least, before their step; null before the first step. It belongs to this object.</summary>
    public Tensor? Best => _best;

    /// <summary>The least loss so far.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>
    /// The terms of a batch, already shifted: "target", "total-variation", "statistics", and, where they count, "competition" and "l2".
    /// </summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="labels">The wanted classes [N], int64.</param>
    /// <returns>The terms, the caller's.</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or a label is no class of the teacher's.</exception>
    public IReadOnlyList<LossTerm> Terms(Tensor images, Tensor labels)
    {
        Check(images, labels);
        using var scope = NewDisposeScope();
        var (logits, statistics) = _statistics.During(() => _pass.Run(() => _teacher.call(images)));
        LogitChecks.Labels(labels, logits);
        var terms = new List<LossTerm>
        {
            new("target", nn.functional.cross_entropy(logits, labels)),
            new("total-variation", DeepInversionLoss.TotalVariation(images), _options.TotalVariationWeight),
        };
        if (statistics is not null)
        {
            terms.Add(new("statistics", statistics, _options.StatisticsWeight));
        }

        if (_options.CompetitionWeight > 0)
        {
            terms.Add(new("competition", DeepInversionLoss.Agreement(_studentPass!.Run(() => _student!.call(images)), logits, _options.Temperature), _options.CompetitionWeight));
        }

        if (_options.L2Weight > 0)
        {
            terms.Add(new("l2", images.norm(), _options.L2Weight));
        }

        foreach (var term in terms)
        {
            term.Value.MoveToOuterDisposeScope();
        }

        return terms;
    }

    /// <summary>One step of the images, shifted at random first.</summary>
    /// <param name="images">[N, C, H, W], a leaf that requires a gradient: the optimiser's parameter.</param>
    /// <param name="labels">The wanted classes [N], int64.</param>
    /// <param name="optimizer">The optimiser of the images; their gradient is cleared first.</param>
    /// <param name="random">Where the shift is drawn from.</param>
    /// <returns>The loss before the step.</returns>
    public double Step(Tensor images, Tensor labels, optim.Optimizer optimizer, Generator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Step(images, labels, optimizer, Shift(), Shift());

        long Shift() => randint_int((2 * _options.Jitter) + 1, random) - _options.Jitter;
    }

    /// <summary>One step of the images, shifted by given pixels first.</summary>
    /// <param name="images">[N, C, H, W], a leaf that requires a gradient: the optimiser's parameter.</param>
    /// <param name="labels">The wanted classes [N], int64.</param>
    /// <param name="optimizer">The optimiser of the images; their gradient is cleared first.</param>
    /// <param name="down">How many pixels down, around the border.</param>
    /// <param name="right">How many pixels to the right, around the border.</param>
    /// <returns>The loss before the step.</returns>
    public double Step(Tensor images, Tensor labels, optim.Optimizer optimizer, long down, long right)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Check(images, labels);
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var terms = Terms(images.roll([down, right], [2, 3]), labels);
        var loss = terms.Select(term => term.Value * term.Weight).Aggregate((sum, term) => sum + term);
        var value = loss.detach().to(ScalarType.Float64).item<double>();
        if (value < BestLoss)
        {
            BestLoss = value;
            _best?.Dispose();
            _best = images.detach().clone().DetachFromDisposeScope();
        }

        loss.backward();
        optimizer.step();
        return value;
    }

    /// <summary>Standard normal images to begin with, drawn on the CPU and moved to where the teacher's parameters are.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    /// <param name="random">Where they are drawn from.</param>
    /// <returns>A leaf that requires a gradient, to be given to an optimiser as its parameter.</returns>
    public Parameter Begin(long[] shape, Generator random)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(random);
        using var ungraded = no_grad();
        var like = _teacher.parameters().FirstOrDefault();
        var noise = randn(shape, generator: random);
        return new Parameter(like is null ? noise : noise.to(like.dtype, like.device));
    }

    /// <summary>Takes the hooks off the teacher and forgets the best images; the networks stay.</summary>
    public void Dispose()
    {
        _statistics.Dispose();
        _best?.Dispose();
        _best = null;
    }

    private static void Check(Tensor images, Tensor labels)
    {
        RelationChecks.CheckOne(images, dimensions: 4);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.dim() != 1 || labels.shape[0] != images.shape[0] || labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Expected labels [{images.shape[0]}] of type Int64; the shape is {labels.ShapeText()}, the type {labels.dtype}.", nameof(labels));
        }
    }
}
