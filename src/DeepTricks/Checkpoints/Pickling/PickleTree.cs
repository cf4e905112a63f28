namespace DeepTricks.Checkpoints;

/// <summary>Finds the tensors and values in what a pickle holds, and names them by the way there: "optimizer.state.0.exp_avg".</summary>
internal sealed class PickleTree(object? top, ReadBudget budget)
{
    /// <summary>The name of a tensor that is a file's only content.</summary>
    internal const string Single = "tensor";

    private const int MostWays = 10_000;

    private static readonly string[] UsualRoots = ["state_dict", "model_state_dict", "model", "ema"];

    /// <summary>Where <see cref="Tensors"/> starts: a path, or what is usual.</summary>
    /// <exception cref="InvalidDataException">There is nothing at the path.</exception>
    internal (string Path, object? Value) Root(string? path)
    {
        if (path is not null)
            return TryFind(path, out var found)
                ? (path, found)
                : throw new InvalidDataException($"there is nothing at \"{path}\"; at the top there are: {string.Join(", ", Children(top).Select(child => child.Name).Take(20))}.");
        var (names, value) = (new List<string>(), top);
        while (names.Count < budget.MaxDepth && !Children(value).Any(child => child.Value is PickleTensor)
            && UsualRoots.FirstOrDefault(name => Child(value, name) is PickleDictionary or PickleObject) is { } next)
        {
            names.Add(next);
            value = Child(value, next);
        }
        return (string.Join('.', names), value);
    }

    /// <summary>All tensors below a value.</summary>
    internal Dictionary<string, PickleTensor> Tensors(object? root)
    {
        var found = new Dictionary<string, PickleTensor>();
        if (root is PickleTensor single)
            found.Add(Single, single);
        else
            Collect(root, "", [], found);
        return found;
    }

    /// <summary>The value at a path whose keys may have dots themselves.</summary>
    internal bool TryFind(string path, out object? value)
    {
        // Of keys that are there twice, or have dots, every way is tried; a file could make those many.
        var ways = MostWays;
        return TryFind(top, path, 0, ref ways, out value);
    }

    private bool TryFind(object? from, string path, int depth, ref int ways, out object? value)
    {
        if (path.Length == 0)
        {
            value = from;
            return true;
        }
        if (depth < budget.MaxDepth)
            foreach (var (name, child) in Children(from))
                if ((path == name || path.StartsWith(name + ".", StringComparison.Ordinal)) && ways-- > 0
                    && TryFind(child, path[Math.Min(name.Length + 1, path.Length)..], depth + 1, ref ways, out value))
                    return true;
        value = null;
        return false;
    }

    private void Collect(object? value, string prefix, List<object> above, Dictionary<string, PickleTensor> found)
    {
        if (above.Count > budget.MaxDepth)
            throw new InvalidDataException($"the objects in the file stand more than {budget.MaxDepth} deep in each other.");
        foreach (var (name, child) in Children(value))
        {
            budget.Charge(32);
            if (child is PickleTensor tensor)
            {
                budget.Charge(120 + 2 * (prefix.Length + name.Length));
                found[prefix + name] = tensor;
            }
            // What holds itself is passed by.
            else if (child is PickleDictionary or PickleObject or List<object?> or object?[] && !above.Exists(other => ReferenceEquals(other, child)))
            {
                budget.Charge(2 * (prefix.Length + name.Length));
                above.Add(child);
                Collect(child, $"{prefix}{name}.", above, found);
                above.RemoveAt(above.Count - 1);
            }
        }
    }

    private static object? Child(object? value, string name) => Children(value).LastOrDefault(child => child.Name == name).Value;

    private static IEnumerable<(string Name, object? Value)> Children(object? value) => value switch
    {
        PickleDictionary dictionary => Named(dictionary),
        PickleObject { State: PickleDictionary state } module when IsModule(state) => ModuleParts(state),
        PickleObject some => Named(some.Items),
        IReadOnlyList<object?> list => list.Select((item, i) => (PickleDictionary.NameOf((long)i)!, item)),
        _ => [],
    };

    private static IEnumerable<(string, object?)> Named(PickleDictionary dictionary)
    {
        foreach (var (key, value) in dictionary.Items)
            if (PickleDictionary.NameOf(key) is { } name)
                yield return (name, value);
    }

    private static bool IsModule(PickleDictionary state) => state.TryFind("_parameters", out _) && state.TryFind("_modules", out _);

    // The parts of a torch.nn.Module under the names of its state dictionary.
    private static IEnumerable<(string, object?)> ModuleParts(PickleDictionary state)
    {
        var dropped = state.TryFind("_non_persistent_buffers_set", out var names) && names is PickleSet set ? set.Items : [];
        foreach (var part in (string[])["_parameters", "_buffers", "_modules"])
            if (state.TryFind(part, out var content) && content is PickleDictionary dictionary)
                foreach (var (name, value) in Named(dictionary))
                    if (part != "_buffers" || !dropped.Contains(name))
                        yield return (name, value);
    }
}
