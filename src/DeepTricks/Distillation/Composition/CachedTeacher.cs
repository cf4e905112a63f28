using System.Globalization;
using DeepTricks.Data;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// What a teacher once said of each sample, read from a file: its output, and what it had at chosen places. The teacher itself need not be there, nor run.
/// </summary>
/// <remarks>
/// The file has the layout of safetensors, with the identity of data, teacher and augmentation in its header; Python reads it. It is mapped into memory: a batch
/// touches the rows of its samples (<see cref="Lesson.Indices"/>) alone.
/// </remarks>
/// <example><code>
/// CachedTeacher.Write(path, new FrozenTeacher(teacher), loader, DataIdentity.Of(data), new() { Taps = ["layer3"] });
/// using var cached = new CachedTeacher(path, DataIdentity.Of(data), teacher);
/// </code></example>
public sealed class CachedTeacher : Teacher
{
    private const string Format = "deeptricks-teacher-1";
    private const string FormatName = "format";
    private const string TeacherName = "teacher";
    private const string EpochsName = "epochs";

    private readonly string _path;
    private readonly MappedRows _rows;
    private readonly long _count;
    private readonly int _epochs;
    private readonly HashSet<Tap> _taps = [];

    /// <summary>Opens what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">The data that the student is trained with.</param>
    /// <param name="network">The teacher, to make sure that the file is its; not looked at where null.</param>
    /// <exception cref="InvalidDataException">The file is of other data, of another teacher or augmentation, cut off or something else; the message names both sides.</exception>
    public CachedTeacher(string path, DataIdentity data, nn.Module? network = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(data);
        _path = path;
        _rows = MappedRows.Open(path);
        try
        {
            Expect(FormatName, Format);
            foreach (var (name, text) in data.Texts()) Expect("data " + name, text);
            if (network is not null) Expect(TeacherName, Checksum([network]));
            _count = data.Count;
            _epochs = int.Parse(Found(EpochsName), CultureInfo.InvariantCulture);
            if (_rows.Names.FirstOrDefault(name => _rows.Count(name) != _count * _epochs) is { } odd)
                throw new InvalidDataException($"{path}: \"{odd}\" has {_rows.Count(odd)} rows; expected are {_count} samples in {_epochs} epochs.");
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
    }

    /// <summary>Lets a teacher teach every sample of a source once, and keeps what it says. A process killed meanwhile leaves no file, or the old one.</summary>
    /// <param name="path">The file to replace or create.</param>
    /// <param name="teacher">The teacher; it stays the caller's.</param>
    /// <param name="source">The samples, every one of the data in each epoch, with an augmentation that a seed determines or none.</param>
    /// <param name="data">The data behind the source.</param>
    /// <param name="options">What to keep; the output as float32 where null.</param>
    /// <exception cref="ArgumentException">The source leaves samples out, or has others.</exception>
    public static void Write(string path, Teacher teacher, IBatchSource source, DataIdentity data, CachedTeacherOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        Tap[] taps = [Tap.Output, .. options.Taps.Where(tap => tap != Tap.Output).Distinct()];
        teacher.Prepare(taps);
        var texts = data.Texts().ToDictionary(pair => "data " + pair.Key, pair => pair.Value);
        texts[FormatName] = Format;
        texts[TeacherName] = Checksum(teacher.Frozen);
        texts[EpochsName] = options.Epochs.ToString(CultureInfo.InvariantCulture);
        AtomicFile.Write(path, stream =>
        {
            RowWriter? writer = null;
            for (var epoch = 0; epoch < options.Epochs; epoch++)
            {
                var seen = new bool[data.Count];
                foreach (var batch in source.Epoch(epoch))
                {
                    using var taken = batch;
                    using var scope = NewDisposeScope();
                    using var ungraded = no_grad();
                    var time = new Training.TrainingTime((long)epoch * source.BatchesPerEpoch, source.BatchesPerEpoch, (long)options.Epochs * source.BatchesPerEpoch);
                    var trace = teacher.Teach(new(batch.Input, batch.Target, batch.Indices, time, new(batch.Input)));
                    Tensor[] said = [.. taps.Select(tap => trace[tap].detach().cpu().to(options.Type).contiguous())];
                    writer ??= new(stream, [.. taps.Select(tap => tap.ToString())], said, data.Count * options.Epochs, texts);
                    writer.Write(said, Places(batch.Indices.Span, seen), epoch * data.Count);
                }
                if (Array.IndexOf(seen, false) is >= 0 and var missing)
                    throw new ArgumentException($"The source left out {seen.Count(one => !one)} of {data.Count} samples, the first at {missing} (is DropLast set?).", nameof(source));
            }
        });
    }

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        if (taps.FirstOrDefault(tap => !_rows.Names.Contains(tap.ToString())) is { } missing)
            throw new ArgumentException($"{_path} does not have the {missing}; it has: {string.Join(", ", _rows.Names)}.", nameof(taps));
        _taps.UnionWith(taps);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The lesson does not say which samples it has, or one that the data does not have, or its epoch is beyond those kept.</exception>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        var indices = lesson.IndicesFor(nameof(CachedTeacher)).Span;
        var first = Epoch(lesson) * _count;
        var rows = new long[indices.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = indices[i] >= 0 && indices[i] < _count
                ? first + indices[i]
                : throw new InvalidOperationException($"The lesson has the sample {indices[i]}; {_path} has {_count}.");
        using var scope = NewDisposeScope();
        var like = lesson.Student.Output;
        Tensor Read(Tap tap) => _rows.Read(tap.ToString(), rows).to(like.dtype).to(like.device);
        var trace = new Trace(Read(Tap.Output), _taps.Where(tap => tap != Tap.Output).Select(tap => KeyValuePair.Create(tap, Read(tap))));
        trace.MoveToOuterDisposeScope();
        return trace;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _rows.Dispose();

    private static long[] Places(ReadOnlySpan<long> indices, bool[] seen)
    {
        foreach (var index in indices)
        {
            if (index < 0 || index >= seen.Length)
                throw new ArgumentException($"The source has the sample {index}; the data has {seen.Length}.", "source");
            seen[index] = true;
        }
        return indices.ToArray();
    }

    private static string Checksum(IEnumerable<nn.Module> networks)
    {
        var entries = networks.SelectMany(network => network.state_dict()).ToList();
        return entries.Count == 0 ? "none" : DataIdentity.Sha256(entries.Select(entry => entry.Value));
    }

    private long Epoch(Lesson lesson)
    {
        if (_epochs == 1) return 0;
        var epoch = lesson.Time.StepsPerEpoch == 0 ? 0 : lesson.Time.Step / lesson.Time.StepsPerEpoch;
        return epoch < _epochs ? epoch : throw new InvalidOperationException($"The lesson is of epoch {epoch}, from 0; {_path} has {_epochs}.");
    }

    private string Found(string name) => _rows.Texts.TryGetValue(name, out var text) ? text : "nothing";

    private void Expect(string name, string expected)
    {
        if (Found(name) is var found && found != expected)
            throw new InvalidDataException($"{_path}: the {name} is \"{found}\"; expected is \"{expected}\".");
    }
}
