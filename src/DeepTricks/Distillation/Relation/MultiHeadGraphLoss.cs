using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Multi-head graph distillation: how the samples of one layer depend on those of the layer before, as attention learned on the teacher, shall be the same in the
/// student (Lee and Song, "Graph-based Knowledge Distillation by Multi-head Attention Network", BMVC 2019; the formulas of sseung0703/KD_methods_with_TF).
/// </summary>
/// <remarks>
/// <para>
/// First <see cref="TeacherLoss"/> trains the attention: from the graph and the layer before, the teacher's leading singular vectors are to be guessed. Then this
/// module's loss is KL(student ‖ teacher) of the graphs, tanh and softmax, summed over heads, samples and pairs of layers, with the attention fixed.
/// </para>
/// <para>
/// The authors' code needs TensorFlow 1, so that fixtures come from its formulas restated in PyTorch. As in <see cref="KdSvdLoss"/>, a teacher's singular vector has its
/// largest component positive, and gradients are finite. The authors clip the gradient of this term to the length of the labels'.
/// </para>
/// </remarks>
public sealed class MultiHeadGraphLoss : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor>
{
    private readonly MultiHeadGraphLossOptions _options;
    private readonly long[] _channels;
    private readonly ConstantPass _pass;

#pragma warning disable IDE1006 // Names of the state dict.
    private readonly ModuleList<GraphAttention> attention;
    private readonly ModuleList<GraphEstimator> estimator;
#pragma warning restore IDE1006

    /// <summary>Makes the graphs.</summary>
    /// <param name="channels">Channels of each layer in order, two or more, the same for teacher and student.</param>
    /// <param name="options">The settings; the authors' where null.</param>
    /// <param name="generator">Where initial weights are drawn from; PyTorch's own where null.</param>
    /// <exception cref="ArgumentException">There are fewer than two layers.</exception>
    public MultiHeadGraphLoss(IReadOnlyList<long> channels, MultiHeadGraphLossOptions? options = null, Generator? generator = null)
        : base(nameof(MultiHeadGraphLoss))
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count < 2 || channels.Any(count => count < 1))
        {
            throw new ArgumentException($"Expected channels of at least two layers; they are [{string.Join(", ", channels)}].", nameof(channels));
        }

        (_options, _channels) = (options ?? new(), [.. channels]);
        var pairs = _channels.Zip(_channels[1..]).ToArray();
        attention = new([.. pairs.Select(pair => new GraphAttention(pair.First, pair.Second, _options.Heads))]);
        estimator = new([.. pairs.Select(pair => new GraphEstimator(pair.First, pair.Second, _options.Heads))]);
        RegisterComponents();
        _pass = new(this);
        if (generator is not null)
        {
            Initialize(generator);
        }
    }

    /// <summary>How far the student's graphs are from the teacher's; the graphs' parameters are constants.</summary>
    /// <param name="student">The student's maps [B, C, H, W] in order, of the parameters' type.</param>
    /// <param name="teacher">The teacher's maps with the same channels, of the same type and on the same device; constants.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A count, shape, type or device does not fit.</exception>
    public override Tensor forward(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher)
    {
        RelationChecks.Check(student, teacher, least: 2, dimensions: 4);
        CheckChannels(student, nameof(student));
        CheckChannels(teacher, nameof(teacher));
        using var scope = NewDisposeScope();
        var layers = student
            .Select((layer, i) => KdSvdLoss.Aligned(layer, teacher[i].detach(), vectors: 1, _options.StudentVectors, scaled: false))
            .Select(pair => (Student: pair.Student.squeeze(2), Teacher: pair.Teacher.squeeze(2))).ToArray();
        var loss = _pass.Run(() => layers.Zip(layers[1..]).Select((pair, i) => Divergence(
            attention[i].call(pair.Second.Student, pair.First.Student), attention[i].call(pair.Second.Teacher, pair.First.Teacher)))
            .Aggregate((sum, pair) => sum + pair));
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>How well the teacher's vectors can be guessed through the graphs: what trains them.</summary>
    /// <param name="teacher">The teacher's maps [B, C, H, W] in order; constants.</param>
    /// <param name="random">Draws which heads are left out, for each sample about half; null leaves out none.</param>
    /// <returns>A scalar, the sum over pairs of layers of the mean of 1 − cosine.</returns>
    /// <exception cref="ArgumentException">A count, shape or type does not fit.</exception>
    public Tensor TeacherLoss(IReadOnlyList<Tensor> teacher, Generator? random = null)
    {
        RelationChecks.Check(teacher, teacher, least: 2, dimensions: 4);
        CheckChannels(teacher, nameof(teacher));
        using var scope = NewDisposeScope();
        var vectors = teacher.Select(layer => SingularVectors.Leading(layer.detach(), 1).Vectors.squeeze(2)).ToArray();
        var loss = vectors.Zip(vectors[1..]).Select((pair, i) =>
        {
            var graph = attention[i].call(pair.Second, pair.First).softmax(-1);
            var guess = estimator[i].call(pair.First, random is null ? graph : graph * Kept(graph, random));
            return (1 - (guess * pair.Second).sum([1L])).mean();
        }).Aggregate((sum, pair) => sum + pair);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>1 for the heads of each sample whose draw is above the heads' mean, [heads, B, 1].</summary>
    private static Tensor Kept(Tensor graph, Generator random)
    {
        var noise = randn([graph.shape[0], graph.shape[1], 1], generator: random);
        return noise.gt(noise.mean([0], keepdim: true)).to(graph.dtype, graph.device);
    }

    private static Tensor Divergence(Tensor student, Tensor teacher)
    {
        var (own, theirs) = (student.tanh().log_softmax(-1), teacher.tanh().log_softmax(-1));
        return (own.exp() * (own - theirs)).sum();
    }

    private void CheckChannels(IReadOnlyList<Tensor> layers, string name)
    {
        if (!layers.Select(layer => layer.shape[1]).SequenceEqual(_channels))
        {
            throw new ArgumentException(
                $"Expected layers with [{string.Join(", ", _channels)}] channels; they have [{string.Join(", ", layers.Select(layer => layer.shape[1]))}].", name);
        }
    }

    /// <summary>Normal with the deviation √(2 / fan out), as the authors initialise.</summary>
    private void Initialize(Generator generator)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        foreach (var weight in parameters().Where(parameter => parameter.dim() == 2))
        {
            weight.copy_(randn(weight.shape, generator: generator) * Math.Sqrt(2.0 / weight.shape[0]));
        }

        foreach (var layer in estimator)
        {
            nn.init.zeros_(layer.get_parameter("fc1.bias")!);
        }
    }
}
