using DeepTricks.Checkpoints;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>A checkpoint in memory: tensors and texts under "section.name", as they stand in the file.</summary>
internal sealed class CheckpointContent : IDisposable
{
    private const string FormatName = "format";
    private const string Format = "deeptricks-checkpoint-1";

    private readonly List<IDisposable> _owned = [];

    internal Dictionary<string, Tensor> Tensors { get; } = [];

    internal Dictionary<string, string> Texts { get; } = [];

    internal CallbackState Section(string name) => new(this, name);

    /// <summary>Keeps a tensor that nobody else owns.</summary>
    internal void Own(string name, Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        Tensors[name] = tensor;
    }

    /// <summary>Makes the content independent of the live tensors.</summary>
    internal CheckpointContent Detached()
    {
        using var ungraded = no_grad();
        var copy = new CheckpointContent();
        foreach (var (name, tensor) in Tensors)
            copy.Own(name, tensor.detach().clone());
        foreach (var (name, text) in Texts)
            copy.Texts[name] = text;
        return copy;
    }

    internal void Save(string path)
    {
        Texts[FormatName] = Format;
        SafeTensors.Save(path, Tensors, Texts);
    }

    internal static CheckpointContent Load(string path)
    {
        var file = SafeTensors.Load(path);
        var content = new CheckpointContent();
        content._owned.Add(file);
        if (!file.Metadata.TryGetValue(FormatName, out var format) || format != Format)
        {
            file.Dispose();
            throw new InvalidDataException($"{path}: no checkpoint of a Trainer; its format is \"{format}\", expected \"{Format}\".");
        }
        foreach (var (name, tensor) in file.Tensors)
            content.Tensors[name] = tensor;
        foreach (var (name, text) in file.Metadata)
            content.Texts[name] = text;
        return content;
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }
}
