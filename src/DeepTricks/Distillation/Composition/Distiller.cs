using DeepTricks.Kernels;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// A student, a teacher and what goes from the one to the other: for a loop of one's own by <see cref="Run"/>, for the Trainer by a
/// <see cref="DistillationCallback"/>.
/// </summary>
/// <example><code>
/// using var distiller = new Distiller(student, new FrozenTeacher(teacher), TransferTerm.Of("hint", loss, "layer2", "layer2", regressor, weight: 100));
/// var optimizer = optim.SGD([.. student.parameters(), .. distiller.Learners.parameters()], 0.1);
/// ...
/// var step = distiller.Run(images, labels);
/// (cross_entropy(step.Output, labels) + step.Total()).backward();
/// </code></example>
/// <remarks>It owns the teacher, not the networks, nor the modules of the terms. It serves one thread at a time.</remarks>
public sealed class Distiller : IDisposable
{
    private readonly LayerRecorder _recorder;
    private readonly HashSet<Tap> _studentTaps;

    /// <summary>Makes a distiller.</summary>
    /// <param name="student">The network that learns; it is not changed but for hooks, until this is disposed of.</param>
    /// <param name="teacher">Whom it learns from.</param>
    /// <param name="terms">What it is to take over; at least one, of different names.</param>
    /// <exception cref="ArgumentException">
    /// A place is in neither network, a name comes twice, or the student holds a tensor of the teacher.
    /// </exception>
    public Distiller(nn.Module student, Teacher teacher, params IReadOnlyList<TransferTerm> terms)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0) throw new ArgumentException("Expected at least one term.", nameof(terms));
        if (terms.GroupBy(term => term.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two terms have the name \"{twice.Key}\".", nameof(terms));
        (Student, Teacher, Terms) = (student, teacher, [.. terms]);
        Learners = new LearnerModules(Terms);
        CheckApart(student.named_parameters().Select(one => (one.name, (Tensor)one.parameter)), "student", nameof(student));
        CheckApart(Learners.named_parameters().Select(one => (one.name, (Tensor)one.parameter)), "terms", nameof(terms));
        teacher.Prepare([.. Terms.SelectMany(term => term.TeacherTaps).Distinct()]);
        _studentTaps = [.. Terms.SelectMany(term => term.StudentTaps), .. teacher.StudentTaps];
        _recorder = new(student, Trace.Ports(_studentTaps));
    }

    /// <summary>The network that learns.</summary>
    public nn.Module Student { get; }

    /// <summary>Whom it learns from.</summary>
    public Teacher Teacher { get; }

    /// <summary>What it is to take over.</summary>
    public IReadOnlyList<TransferTerm> Terms { get; }

    /// <summary>
    /// The connectors and losses that have parameters or buffers, as one module: its parameters go to the optimiser beside the student's, its
    /// state dict to a checkpoint. Empty where nothing learns with the student.
    /// </summary>
    public nn.Module Learners { get; }

    /// <summary>
    /// Whether both networks are given pictures (N x C x H x W on the CPU) with the channels of a pixel side by side in memory, which libtorch's convolutions
    /// of few channels are a quarter faster with; results differ by rounding. False by default: a network that calls <c>view</c> on maps cannot take it.
    /// </summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Runs the student and the teacher on a batch, and computes the terms.</summary>
    /// <param name="input">The batch, which the student takes as its one argument.</param>
    /// <param name="labels">The labels, for terms and teachers that need them.</param>
    /// <param name="indices">The index of each sample in its dataset, for terms and teachers that need them.</param>
    /// <param name="time">The moment of training, for weights that change.</param>
    /// <returns>Output and terms, in the dispose scope of the caller.</returns>
    /// <exception cref="InvalidOperationException">The student does not take and return one tensor; use <see cref="Listen"/> and <see cref="Compute"/>.</exception>
    public DistillationResult Run(Tensor input, Tensor? labels = null, ReadOnlyMemory<long> indices = default, TrainingTime time = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        var student = Student as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException(
            $"{Student.GetName()} does not take and return one tensor: call Listen, run it, and call Compute.");
        using var scope = NewDisposeScope();
        input = Laid(input);
        Listen();
        var output = student.call(input);
        var terms = Compute(output, input, labels, indices, time);
        foreach (var term in terms) term.Value.MoveToOuterDisposeScope();
        return new(output.MoveToOuterDisposeScope(), terms);
    }

    /// <summary>Listens to the student's next pass. What an earlier one left is forgotten.</summary>
    public void Listen() => _recorder.Begin();

    /// <summary>Computes the terms of the student's pass since <see cref="Listen"/>; the teacher runs here.</summary>
    /// <param name="output">What the student returned.</param>
    /// <param name="input">What it was given.</param>
    /// <param name="labels">The labels, for terms and teachers that need them.</param>
    /// <param name="indices">The index of each sample in its dataset, for terms and teachers that need them.</param>
    /// <param name="time">The moment of training, for weights that change.</param>
    /// <returns>The terms, in the dispose scope of the caller.</returns>
    /// <exception cref="InvalidOperationException">A layer did not run through <c>call</c>.</exception>
    public IReadOnlyList<LossTerm> Compute(Tensor output, Tensor input, Tensor? labels = null, ReadOnlyMemory<long> indices = default, TrainingTime time = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        try
        {
            var student = Trace.Take(_recorder, _studentTaps, output);
            // A teacher may run the student itself.
            _recorder.Forget();
            var lesson = new Lesson(input, labels, indices, time, student);
            var teacher = Teacher.Teach(lesson);
            var terms = Terms.Select(term => term.Compute(student, teacher, lesson)).ToArray();
            foreach (var term in terms) term.Value.MoveToOuterDisposeScope();
            return terms;
        }
        finally
        {
            _recorder.Forget();
        }
    }

    /// <summary>Takes the hooks off the student, and disposes of the teacher, but of no network.</summary>
    public void Dispose()
    {
        _recorder.Dispose();
        Teacher.Dispose();
    }

    /// <summary>The input as both networks are given it.</summary>
    internal Tensor Laid(Tensor input) => ChannelsLast ? MemoryLayout.ChannelsLast(input) : input;

    /// <summary>Throws where a tensor of the teacher's is among those that learn.</summary>
    internal void CheckApart(IEnumerable<(string Name, Tensor Tensor)> learning, string where, string parameter)
    {
        var frozen = Teacher.Frozen.SelectMany(network => network.parameters()).Select(tensor => tensor.Handle).ToHashSet();
        if (frozen.Count > 0 && learning.FirstOrDefault(one => frozen.Contains(one.Tensor.Handle)) is { Tensor: not null } found)
            throw new ArgumentException($"The parameter '{found.Name}' of the {where} is the teacher's, which is not to learn. Copy the teacher.", parameter);
    }
}
