using DeepTricks.Kernels;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Data-free learning: a generator makes images that the teacher takes for real ones, and the student learns the teacher's answers to them; both in one step
/// (Chen et al., "Data-Free Learning of Student Networks", ICCV 2019; equal to huawei-noah/Efficient-Computing).
/// </summary>
/// <remarks>
/// The teacher runs in evaluation mode: neither its weights nor its statistics change, and none of its parameters gets a gradient. The student's gradient stops
/// at the images.
/// </remarks>
public sealed class Dafl : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _teacher;
    private readonly nn.Module<Tensor, Tensor> _student;
    private readonly nn.Module<Tensor, Tensor> _generator;
    private readonly DaflOptions _options;
    private readonly Tap _features;
    private readonly LayerRecorder _recorder;
    private readonly ConstantPass _pass;

    /// <summary>Joins three networks.</summary>
    /// <param name="teacher">The teacher, from images to logits [N, C].</param>
    /// <param name="student">The student, from images to logits [N, C].</param>
    /// <param name="generator">From noise to images, such as <see cref="DaflGenerator"/>.</param>
    /// <param name="features">The teacher's features that images shall activate: the authors take what its classifier is given.</param>
    /// <param name="options">The settings; the authors' where null.</param>
    /// <exception cref="ArgumentException">The teacher has no such layer.</exception>
    public Dafl(nn.Module<Tensor, Tensor> teacher, nn.Module<Tensor, Tensor> student, nn.Module<Tensor, Tensor> generator, Tap features, DaflOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(features);
        (_teacher, _student, _generator, _features, _options) = (teacher, student, generator, features, options ?? new());
        _recorder = new(teacher, [features.Port]);
        _pass = new(teacher);
    }

    /// <summary>
    /// The terms of one batch: "one-hot", "information-entropy" and "activation" are the generator's, "student" the student's. Their weighted sum goes backward
    /// once for both networks.
    /// </summary>
    /// <param name="noise">The generator's input.</param>
    /// <returns>Four terms, the caller's.</returns>
    public IReadOnlyList<LossTerm> Terms(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        using var scope = NewDisposeScope();
        var images = _generator.call(noise);
        _recorder.Begin();
        Tensor logits, features;
        try
        {
            logits = _pass.Run(() => _teacher.call(images));
            features = _recorder.Take(_features.Port);
        }
        finally
        {
            _recorder.Forget();
        }

        var learnt = KnowledgeDistillationLoss.Compute(_student.call(images.detach()), logits.detach(), new() { Temperature = _options.Temperature });
        LossTerm[] terms =
        [
            new("one-hot", DaflLoss.OneHot(logits), _options.OneHotWeight),
            new("information-entropy", DaflLoss.InformationEntropy(logits), _options.EntropyWeight),
            new("activation", DaflLoss.Activation(features), _options.ActivationWeight),
            new("student", learnt, _options.StudentWeight),
        ];
        foreach (var term in terms)
        {
            term.Value.MoveToOuterDisposeScope();
        }

        return terms;
    }

    /// <summary>One step of both networks.</summary>
    /// <param name="noise">The generator's input, such as of <see cref="Noise"/>.</param>
    /// <param name="optimizers">The generator's optimiser and the student's; their gradients are cleared first.</param>
    /// <returns>The four terms before the step, without history, the caller's.</returns>
    public IReadOnlyList<LossTerm> Step(Tensor noise, params IReadOnlyList<optim.Optimizer> optimizers)
    {
        ArgumentNullException.ThrowIfNull(optimizers);
        using var scope = NewDisposeScope();
        foreach (var optimizer in optimizers)
        {
            optimizer.zero_grad();
        }

        var terms = Terms(noise);
        terms.Select(term => term.Value * term.Weight).Aggregate((sum, term) => sum + term).backward();
        foreach (var optimizer in optimizers)
        {
            optimizer.step();
        }

        return [.. terms.Select(term => term with { Value = term.Value.detach().MoveToOuterDisposeScope() })];
    }

    /// <summary>Standard normal noise, drawn on the CPU and moved to where a network's parameters are.</summary>
    /// <param name="count">How many images it is for.</param>
    /// <param name="width">The width of the noise.</param>
    /// <param name="random">Where it is drawn from.</param>
    /// <param name="network">The generator.</param>
    /// <returns>[count, width], of the type of the network's parameters.</returns>
    public static Tensor Noise(long count, long width, Generator random, nn.Module network)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        var like = network.parameters().FirstOrDefault();
        var noise = randn([count, width], generator: random);
        return (like is null ? noise : noise.to(like.dtype, like.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Stops listening to the teacher; the networks stay.</summary>
    public void Dispose() => _recorder.Dispose();
}
