using System.Collections;
using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>Loads and saves optimisers in PyTorch's format.</summary>
public static class PyBridgeOptimizerExtensions
{
    public static void save_py(this OptimizerHelper optim, string location) => optim.save_py(File.Create(location));

    /// <summary>Saves what <c>optimizer.load_state_dict(torch.load(...))</c> reads.</summary>
    public static void save_py(this OptimizerHelper optim, Stream stream, bool leaveOpen = false)
    {
        using var scope = NewDisposeScope();
        var own = optim.state_dict();
        var groups = new ArrayList();
        foreach (var (options, places) in own.Options.Zip(own.StateIndexRef))
        {
            var group = OptimizerTables.Write(options);
            group["params"] = new ArrayList(places);
            groups.Add(group);
        }
        var states = new Hashtable();
        for (var i = 0; i < own.State.Count; i++)
            if (OptimizerTables.Write(own.State[i]) is { Count: > 0 } state) states[i] = state;
        PyTorchPickler.PickleStateDict(stream, new Hashtable { ["param_groups"] = groups, ["state"] = states }, leaveOpen);
    }

    public static void load_py(this OptimizerHelper optim, string location) => optim.load_py(File.OpenRead(location));

    /// <summary>Loads what <c>torch.save(optimizer.state_dict(), ...)</c> wrote: groups and parameters in the same order.</summary>
    public static void load_py(this OptimizerHelper optim, Stream stream, bool leaveOpen = false)
    {
        using var scope = NewDisposeScope();
        var saved = PyTorchUnpickler.UnpickleStateDict(stream, leaveOpen);
        if (saved["param_groups"] is not ArrayList groups || saved["state"] is not Hashtable states)
            throw new InvalidDataException("The file holds no state_dict() of an optimizer.");
        var own = optim.state_dict();
        if (groups.Count != own.Options.Count) throw new ArgumentException($"The file has {groups.Count} groups of parameters, the optimizer has {own.Options.Count}.");
        // Everything is looked at before anything changes.
        List<(Hashtable Group, ArrayList Keys)> read = [.. groups.Cast<object?>().Select(Group)];
        foreach (var ((_, keys), places) in read.Zip(own.StateIndexRef))
            if (keys.Count != places.Count) throw new ArgumentException($"A group has {keys.Count} parameters in the file and {places.Count} in the optimizer.");
        Parameter[] parameters = [.. optim.parameters()];
        for (var group = 0; group < read.Count; group++)
        {
            OptimizerTables.Read(read[group].Group, own.Options[group]);
            foreach (var (key, place) in read[group].Keys.Cast<object>().Zip(own.StateIndexRef[group]))
                OptimizerTables.Read(states[Convert.ToInt32(key, CultureInfo.InvariantCulture)] as Hashtable ?? [], own.State[place], own.Options[group], parameters[place]);
        }
    }

    private static (Hashtable, ArrayList) Group(object? saved) => saved is Hashtable group && group["params"] is ArrayList keys
        ? (group, keys)
        : throw new InvalidDataException("The file holds no state_dict() of an optimizer.");
}
