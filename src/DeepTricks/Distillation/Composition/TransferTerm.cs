using DeepTricks.Kernels;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// One thing that the student is to take over from a teacher: which places are compared, how they are brought to one shape, by what loss, with which
/// weight. A method is one or a few of these; <see cref="Of(string, Func{Trace, Trace, Lesson, Tensor}, IEnumerable{Tap}, IEnumerable{Tap}, IEnumerable{nn.Module}, Schedule)"/>
/// expresses any.
/// </summary>
public sealed class TransferTerm
{
    private readonly Func<Trace, Trace, Lesson, Tensor> _loss;
    private readonly Schedule _weight;

    private TransferTerm(string name, Func<Trace, Trace, Lesson, Tensor> loss, IEnumerable<Tap> student, IEnumerable<Tap> teacher,
        IEnumerable<nn.Module?> modules, Schedule? weight)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        (Name, _loss, _weight) = (name, loss, weight ?? 1);
        StudentTaps = [.. student.Distinct()];
        TeacherTaps = [.. teacher.Distinct()];
        Modules = [.. modules.OfType<nn.Module>().Distinct()];
    }

    /// <summary>The name under which the term is logged.</summary>
    public string Name { get; }

    /// <summary>The places of the student that the term reads.</summary>
    public IReadOnlyList<Tap> StudentTaps { get; }

    /// <summary>The places of the teacher that the term reads.</summary>
    public IReadOnlyList<Tap> TeacherTaps { get; }

    /// <summary>The connectors and losses, whose parameters learn with the student.</summary>
    public IReadOnlyList<nn.Module> Modules { get; }

    /// <summary>A term of a student's tensor and a teacher's: their outputs, unless said otherwise.</summary>
    /// <param name="name">The name under which it is logged.</param>
    /// <param name="loss">A scalar from (student, teacher).</param>
    /// <param name="student">The place of the student; its output where null.</param>
    /// <param name="teacher">The place of the teacher; its output where null.</param>
    /// <param name="connector">Brings what the student has to what the teacher has; nothing where null.</param>
    /// <param name="weight">The weight over time; 1 where null. A number stands for a constant.</param>
    public static TransferTerm Of(string name, nn.Module<Tensor, Tensor, Tensor> loss, Tap? student = null, Tap? teacher = null,
        nn.Module<Tensor, Tensor>? connector = null, Schedule? weight = null) =>
        Of(name, loss, [new(student ?? Tap.Output, teacher ?? Tap.Output) { Connector = connector }], weight);

    /// <summary>A term of a student's tensor, a teacher's and the labels: their outputs, unless said otherwise.</summary>
    /// <param name="name">The name under which it is logged.</param>
    /// <param name="loss">A scalar from (student, teacher, labels).</param>
    /// <param name="student">The place of the student; its output where null.</param>
    /// <param name="teacher">The place of the teacher; its output where null.</param>
    /// <param name="connector">Brings what the student has to what the teacher has; nothing where null.</param>
    /// <param name="weight">The weight over time; 1 where null. A number stands for a constant.</param>
    public static TransferTerm Of(string name, nn.Module<Tensor, Tensor, Tensor, Tensor> loss, Tap? student = null, Tap? teacher = null,
        nn.Module<Tensor, Tensor>? connector = null, Schedule? weight = null) =>
        Of(name, loss, [new(student ?? Tap.Output, teacher ?? Tap.Output) { Connector = connector }], weight);

    /// <summary>A weighted sum of one loss over several pairs of places.</summary>
    /// <param name="name">The name under which it is logged.</param>
    /// <param name="loss">A scalar from (student, teacher), for each pair.</param>
    /// <param name="pairs">The pairs; a text stands for the same layer in both networks.</param>
    /// <param name="weight">The weight of the sum over time; 1 where null. A number stands for a constant.</param>
    public static TransferTerm Of(string name, nn.Module<Tensor, Tensor, Tensor> loss, IReadOnlyList<TapPair> pairs, Schedule? weight = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return OfPairs(name, loss, pairs, (student, teacher, _) => loss.call(student, teacher), weight);
    }

    /// <summary>A weighted sum of one loss, which looks at the labels too, over several pairs of places.</summary>
    /// <param name="name">The name under which it is logged.</param>
    /// <param name="loss">A scalar from (student, teacher, labels), for each pair.</param>
    /// <param name="pairs">The pairs; a text stands for the same layer in both networks.</param>
    /// <param name="weight">The weight of the sum over time; 1 where null. A number stands for a constant.</param>
    public static TransferTerm Of(string name, nn.Module<Tensor, Tensor, Tensor, Tensor> loss, IReadOnlyList<TapPair> pairs, Schedule? weight = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return OfPairs(name, loss, pairs, (student, teacher, lesson) => loss.call(student, teacher, lesson.LabelsFor($"The term \"{name}\"")), weight);
    }

    /// <summary>A term of ordered lists of layers, of relations between them for example.</summary>
    /// <param name="name">The name under which it is logged.</param>
    /// <param name="loss">A scalar from (the student's tensors, the teacher's).</param>
    /// <param name="student">The places of the student, in order.</param>
    /// <param name="teacher">The places of the teacher, in order; as many or not, as the loss says.</param>
    /// <param name="weight">The weight over time; 1 where null. A number stands for a constant.</param>
    public static TransferTerm Of(string name, nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor> loss, IReadOnlyList<Tap> student, IReadOnlyList<Tap> teacher,
        Schedule? weight = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return new(name, (taught, teaching, _) => loss.call([.. student.Select(tap => taught[tap])], [.. teacher.Select(tap => teaching[tap])]),
            student, teacher, [loss], weight);
    }

    /// <summary>Any term.</summary>
    /// <param name="name">The name under which it is logged.</param>
    /// <param name="loss">A scalar from (the student's trace, the teacher's, the lesson).</param>
    /// <param name="student">The places of the student that it reads; the output is there always.</param>
    /// <param name="teacher">The places of the teacher that it reads; the output is there always.</param>
    /// <param name="modules">What learns with the student or has buffers to be saved; nothing where null.</param>
    /// <param name="weight">The weight over time; 1 where null. A number stands for a constant.</param>
    public static TransferTerm Of(string name, Func<Trace, Trace, Lesson, Tensor> loss, IEnumerable<Tap>? student = null, IEnumerable<Tap>? teacher = null,
        IEnumerable<nn.Module>? modules = null, Schedule? weight = null) =>
        new(name, loss, student ?? [], teacher ?? [], modules ?? [], weight);

    /// <summary>The term of a lesson, before it is weighted.</summary>
    /// <param name="student">What the student's pass left.</param>
    /// <param name="teacher">What the teacher said.</param>
    /// <param name="lesson">The lesson.</param>
    /// <returns>The term with its weight at the lesson's time, in the dispose scope of the caller.</returns>
    public LossTerm Compute(Trace student, Trace teacher, Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(lesson);
        using var scope = NewDisposeScope();
        return new(Name, _loss(student, teacher, lesson).MoveToOuterDisposeScope(), _weight.At(lesson.Time));
    }

    private static TransferTerm OfPairs(string name, nn.Module loss, IReadOnlyList<TapPair> pairs, Func<Tensor, Tensor, Lesson, Tensor> compare, Schedule? weight)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0) throw new ArgumentException("Expected at least one pair of places.", nameof(pairs));
        var fixedMaps = pairs.Select(pair => pair.TeacherConnector is { } map ? new FrozenPass(map) : null).ToArray();
        return new(name, Sum, pairs.Select(pair => pair.Student), pairs.Select(pair => pair.Teacher), [.. pairs.Select(pair => pair.Connector), loss], weight);

        Tensor Sum(Trace student, Trace teacher, Lesson lesson)
        {
            Tensor? sum = null;
            for (var i = 0; i < pairs.Count; i++)
            {
                var pair = pairs[i];
                var (taught, teaching) = (student[pair.Student], teacher[pair.Teacher]);
                var wanted = fixedMaps[i]?.Run(() => pair.TeacherConnector!.call(teaching)) ?? teaching;
                var value = compare(pair.Connector?.call(taught) ?? taught, wanted, lesson);
                if (pair.Weight != 1) value = value * pair.Weight;
                sum = sum is null ? value : sum + value;
            }
            return sum!;
        }
    }
}
