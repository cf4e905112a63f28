using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.PyBridge;

/// <summary>Loads and saves modules in PyTorch's formats, under PyTorch's names.</summary>
public static class PyBridgeModuleExtensions
{
    public static Module save_py(this Module module, string location, IList<string>? skip = null) => module.save_py(File.Create(location), skip);

    /// <summary>Saves the module's state_dict() for <c>torch.load</c>, without the names in <paramref name="skip"/>.</summary>
    public static Module save_py(this Module module, Stream stream, IList<string>? skip = null, bool leaveOpen = false)
    {
        PyTorchPickler.PickleStateDict(stream, StateOf(module, skip), leaveOpen);
        return module;
    }

    public static Module save_safetensors(this Module module, string location, IList<string>? skip = null) => module.save_safetensors(File.Create(location), skip);

    public static Module save_safetensors(this Module module, Stream stream, IList<string>? skip = null, bool leaveOpen = false)
    {
        Safetensors.SaveStateDict(stream, StateOf(module, skip), leaveOpen);
        return module;
    }

    public static Module load_py(this Module module, string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null) =>
        module.load_py(File.OpenRead(location), strict, skip, loadedParameters);

    /// <summary>Loads what <c>torch.save(model.state_dict(), ...)</c> wrote. What learns goes on learning, whatever the file says of it.</summary>
    /// <param name="module">Whose parameters and buffers get the values; types are converted, shapes have to agree.</param>
    /// <param name="stream">The file.</param>
    /// <param name="strict">Whether the names have to be the module's, all of them and no others.</param>
    /// <param name="skip">Names that are neither loaded nor missed.</param>
    /// <param name="loadedParameters">Takes the names in the file, with whether the module has them.</param>
    /// <param name="leaveOpen">Whether the stream stays open.</param>
    public static Module load_py(this Module module, Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null, bool leaveOpen = false)
    {
        using var archive = PyTorchUnpickler.Open(stream, leaveOpen, out var table);
        var target = StateOf(module, skip);
        var source = new Dictionary<string, PendingTensor>();
        foreach (var key in table.Keys)
        {
            if (key is string skipped && skip?.Contains(skipped) == true) continue;
            if (key is not string name || table[key] is not PendingTensor tensor)
                throw new ArgumentException($"The entry '{key}' of the file is no tensor: this is not a state_dict() of a module.", nameof(stream));
            source.Add(name, tensor);
        }
        Compare(target.Keys, source.Keys, strict, loadedParameters);
        foreach (var (name, tensor) in source)
            if (target.TryGetValue(name, out var own) && !own.shape.AsSpan().SequenceEqual(tensor.Shape))
                throw new ArgumentException($"'{name}' has the shape [{string.Join(", ", own.shape)}], in the file [{string.Join(", ", tensor.Shape)}].", nameof(stream));
        using var _ = no_grad();
        foreach (var (name, tensor) in source)
        {
            if (!target.TryGetValue(name, out var own)) continue;
            using var scope = NewDisposeScope();
            own.copy_(tensor.Read());
        }
        return module;
    }

    public static Module load_safetensors(this Module module, string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null) =>
        module.load_safetensors(File.OpenRead(location), strict, skip, loadedParameters);

    /// <inheritdoc cref="load_py(Module, Stream, bool, IList{string}, Dictionary{string, bool}, bool)"/>
    public static Module load_safetensors(this Module module, Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null, bool leaveOpen = false)
    {
        try
        {
            var start = stream.Position;
            Safetensors.ReadHeader(stream, out var entries);
            stream.Position = start;
            var target = StateOf(module, skip);
            List<string> names = [.. entries.Select(entry => entry.Name).Where(name => skip?.Contains(name) != true)];
            Compare(target.Keys, names, strict, loadedParameters);
            using var scope = NewDisposeScope();
            module.load_state_dict(Safetensors.LoadStateDict(stream, leaveOpen: true, [.. target.Keys]), strict, skip);
            return module;
        }
        finally
        {
            if (!leaveOpen) stream.Dispose();
        }
    }

    private static Dictionary<string, Tensor> StateOf(Module module, IList<string>? skip)
    {
        var state = module.state_dict();
        foreach (var name in skip ?? []) state.Remove(name);
        return state;
    }

    private static void Compare(ICollection<string> own, ICollection<string> given, bool strict, Dictionary<string, bool>? loadedParameters)
    {
        List<string> missing = [.. own.Except(given)], unexpected = [.. given.Except(own)];
        if (strict && missing.Count + unexpected.Count > 0)
            throw new InvalidOperationException($"The file holds other names than the module. Missing: {Listed(missing)}. Unexpected: {Listed(unexpected)}.");
        if (loadedParameters is null) return;
        foreach (var name in given) loadedParameters[name] = own.Contains(name);
    }

    private static string Listed(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Order(StringComparer.Ordinal));
}
