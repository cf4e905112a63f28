using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>Plans what goes where, and copies when all of it can.</summary>
internal static class ModuleLoading
{
    internal static CheckpointLoadReport Load(CheckpointFile file, nn.Module module, CheckpointLoadOptions options)
    {
        var targets = module.state_dict();
        bool Skips(string name) => options.Skip.Any(pattern => NameMap.Matches(pattern, name));

        var sources = new Dictionary<string, string>();
        var (unexpected, ambiguous) = (new List<string>(), new List<(string, string)>());
        foreach (var entry in file.Entries)
        {
            if (options.Names.Apply(entry.Name) is not { } name || Skips(name))
                continue;
            if (!targets.ContainsKey(name))
                unexpected.Add(entry.Name);
            else if (!sources.TryAdd(name, entry.Name))
                ambiguous.Add((entry.Name, name));
        }

        var (loaded, missing, skipped) = (new List<string>(), new List<string>(), new List<string>());
        var (misshapen, mistyped, converted) = (new List<CheckpointMismatch>(), new List<CheckpointMismatch>(), new List<CheckpointMismatch>());
        foreach (var (name, target) in targets)
        {
            if (Skips(name))
            {
                skipped.Add(name);
                continue;
            }
            if (!sources.TryGetValue(name, out var source))
            {
                missing.Add(name);
                continue;
            }
            var stored = file.Stored(source);
            var difference = new CheckpointMismatch(name, stored.Type, stored.Shape, target.dtype, target.shape);
            if (!target.shape.AsSpan().SequenceEqual(stored.Shape))
            {
                misshapen.Add(difference);
                continue;
            }
            if (target.dtype != stored.Type)
                (Allows(options.Types, stored.Type, target.dtype) ? converted : mistyped).Add(difference);
            loaded.Add(name);
        }

        var report = new CheckpointLoadReport
        {
            Path = file.Path,
            Loaded = loaded,
            Missing = missing,
            Unexpected = unexpected,
            Misshapen = misshapen,
            Mistyped = mistyped,
            Converted = converted,
            Remapped = [.. loaded.Where(name => sources[name] != name).Select(name => (sources[name], name))],
            Ambiguous = ambiguous,
            Skipped = skipped,
        };
        if (mistyped.Count + ambiguous.Count > 0 || misshapen.Count > 0 && !options.LeaveMisshapen || missing.Count + unexpected.Count > 0 && options.Strict)
            throw new CheckpointLoadException($"The checkpoint does not fit the module, and nothing was loaded.\n{report}", report);

        // What could still fail is found out before the first tensor changes.
        foreach (var name in loaded)
            file.Verify(sources[name]);
        foreach (var name in loaded)
            file.CopyInto(sources[name], targets[name]);
        return report;
    }

    private static bool Allows(CheckpointTypes types, ScalarType from, ScalarType to) => types switch
    {
        CheckpointTypes.Equal => false,
        CheckpointTypes.Widen => promote_types(from, to) == to && !Loses(from, to),
        _ => true,
    };

    // Promotion goes from any integer to any floating-point type, and those do not hold every integer.
    private static bool Loses(ScalarType from, ScalarType to) => from switch
    {
        ScalarType.Int64 => to is not ScalarType.Int64,
        ScalarType.Int32 => to is not (ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat64),
        ScalarType.Int16 => to is ScalarType.Float16 or ScalarType.BFloat16,
        _ => false,
    };
}
