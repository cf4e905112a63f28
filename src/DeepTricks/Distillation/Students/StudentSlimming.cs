using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Starts a student of fewer channels from its teacher: the channels of most weight, with their weights and statistics. Distillation then repairs what was cut off.
/// </summary>
public static class StudentSlimming
{
    /// <summary>Copies the channels that a student has room for. Neither network is changed otherwise.</summary>
    /// <param name="teacher">The network to start from.</param>
    /// <param name="student">A network with layers of the same names, as wide or narrower.</param>
    /// <param name="paths">Which channels go where; those of a chain where null.</param>
    /// <param name="importance">By what channels are kept.</param>
    /// <returns>For each name of channels, which were kept: rising, by their places in the teacher.</returns>
    /// <exception cref="ArgumentException">A layer is missing, or of another kind, or shapes do not fit the paths.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Copy(nn.Module teacher, nn.Module student, IReadOnlyList<ChannelPath>? paths = null,
        ChannelImportance importance = ChannelImportance.WeightMagnitude)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        paths ??= ChannelPath.Chain(teacher);
        var (from, to) = (teacher.named_modules().ToDictionary(one => one.name, one => one.module), student.named_modules().ToDictionary(one => one.name, one => one.module));
        foreach (var path in paths)
        {
            if (!from.TryGetValue(path.Layer, out var mine) || !to.TryGetValue(path.Layer, out var its) || mine.GetType() != its.GetType())
            {
                throw new ArgumentException($"Expected a layer '{path.Layer}' of one kind in both networks.", nameof(paths));
            }
        }

        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var kept = paths.Where(path => path.Output is not null).GroupBy(path => path.Output!)
            .ToDictionary(group => group.Key, group => Largest(group.Select(path => (from[path.Layer], to[path.Layer])), group.Key, importance));

        // All is cut before the first weight is written, so that what does not fit changes nothing.
        var copies = paths.SelectMany(path => Cut(path, from[path.Layer], to[path.Layer], kept)).ToList();
        foreach (var (target, value) in copies)
        {
            target.copy_(value);
        }

        return kept.ToDictionary(one => one.Key, one => (IReadOnlyList<long>)one.Value.cpu().data<long>().ToArray());
    }

    private static Tensor Largest(IEnumerable<(nn.Module Teacher, nn.Module Student)> layers, string name, ChannelImportance importance)
    {
        var all = layers.ToList();
        var sized = all.Find(pair => pair.Teacher is Conv2d or Linear);
        var scores = all.Where(pair => pair.Teacher is NormBase == (importance == ChannelImportance.NormWeight))
            .Select(pair => pair.Teacher.state_dict()["weight"].abs()).Select(weight => weight.dim() > 1 ? weight.flatten(1).sum(1) : weight).ToList();
        if (sized.Teacher is null || scores.Count == 0)
        {
            throw new ArgumentException($"No layer that makes the channels '{name}' has weights to choose them by.", nameof(layers));
        }

        var (there, wanted) = (sized.Teacher.state_dict()["weight"].size(0), sized.Student.state_dict()["weight"].size(0));
        if (wanted > there)
        {
            throw new ArgumentException($"The student has {wanted} channels '{name}'; the teacher has {there}.", nameof(layers));
        }

        var sum = scores.Aggregate((a, b) => a + b);
        return sum.argsort(0, descending: true).narrow(0, 0, wanted).sort().Values;
    }

    private static IEnumerable<(Tensor Target, Tensor Value)> Cut(ChannelPath path, nn.Module teacher, nn.Module student, Dictionary<string, Tensor> kept)
    {
        var targets = student.state_dict();
        foreach (var (name, entry) in teacher.state_dict())
        {
            var value = entry;
            if (value.dim() > 0 && path.Output is { } output)
            {
                value = value.index_select(0, kept[output]);
            }

            if (value.dim() > 1 && value.size(1) > 1 && path.Input is { } input && kept.TryGetValue(input, out var channels))
            {
                value = value.index_select(1, Places(channels, value.size(1), targets[name]));
            }

            if (!targets.TryGetValue(name, out var target) || !target.shape.SequenceEqual(value.shape))
            {
                throw new ArgumentException(
                    $"'{path.Layer}.{name}' is {value.ShapeText()} after the cut; the student's is "
                    + (target is null ? "not there." : $"{target.ShapeText()}."), nameof(path));
            }

            yield return (target, value);
        }
    }

    // A linear layer behind a flattened map has several inputs for each channel, side by side.
    private static Tensor Places(Tensor channels, long inputs, Tensor target)
    {
        var each = target.size(1) / channels.size(0);
        return each <= 1 || inputs % each != 0
            ? channels
            : (channels.unsqueeze(1) * each + arange(each, device: channels.device)).reshape(-1);
    }
}
