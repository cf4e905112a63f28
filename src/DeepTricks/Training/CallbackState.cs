using System.Globalization;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// What a callback keeps in a checkpoint: scalars, texts and tensors by name. Reading a name that is missing, or of another kind,
/// is an error that names it.
/// </summary>
public sealed class CallbackState
{
    private readonly CheckpointContent _content;
    private readonly string _prefix;

    internal CallbackState(CheckpointContent content, string section) => (_content, _prefix) = (content, section + ".");

    /// <summary>Whether there is something under the name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => _content.Texts.ContainsKey(_prefix + name) || _content.Tensors.ContainsKey(_prefix + name);

    /// <summary>A part of the state with names of its own, for something that the callback holds.</summary>
    /// <param name="name">The name of the part.</param>
    public CallbackState Section(string name) => new(_content, _prefix + name);

    /// <summary>Keeps a text.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The text.</param>
    public void Set(string name, string value) => _content.Texts[_prefix + name] = value;

    /// <summary>Keeps a whole number.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The number.</param>
    public void Set(string name, long value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Keeps a number, to the last bit.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The number.</param>
    public void Set(string name, double value) => Set(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Keeps a truth value.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public void Set(string name, bool value) => Set(name, value ? "true" : "false");

    /// <summary>Keeps a tensor. It stays the caller's, who does not change it before the file is written.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The tensor.</param>
    public void Set(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _content.Tensors[_prefix + name] = value;
    }

    /// <summary>Keeps the state of a generator; <see cref="Restore"/> puts it back.</summary>
    /// <param name="name">The name.</param>
    /// <param name="generator">The generator.</param>
    public void Set(string name, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        _content.Own(_prefix + name, generator.get_state());
    }

    /// <summary>The text under a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public string GetString(string name) => _content.Texts.TryGetValue(_prefix + name, out var text) ? text : throw Missing(name, "text");

    /// <summary>The whole number under a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public long GetInt64(string name) =>
        long.TryParse(GetString(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Missing(name, "whole number");

    /// <summary>The number under a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public double GetDouble(string name) =>
        double.TryParse(GetString(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Missing(name, "number");

    /// <summary>The truth value under a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public bool GetBoolean(string name) => bool.TryParse(GetString(name), out var value) ? value : throw Missing(name, "truth value");

    /// <summary>A copy of the tensor under a name, on the CPU; it belongs to the caller and to no scope.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public Tensor GetTensor(string name) => Find(name).clone().DetachFromDisposeScope();

    /// <summary>Copies the tensor under a name into one that is there, across devices where they differ.</summary>
    /// <param name="name">The name.</param>
    /// <param name="target">The tensor to fill, of the same shape.</param>
    /// <exception cref="InvalidDataException">There is none, or its shape is another.</exception>
    public void CopyTo(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var source = Find(name);
        if (!source.shape.AsSpan().SequenceEqual(target.shape))
            throw new InvalidDataException($"The checkpoint has \"{_prefix}{name}\" in the shape {source.ShapeText()}; " +
                $"expected is {target.ShapeText()}.");
        using var ungraded = no_grad();
        target.copy_(source);
    }

    /// <summary>Puts the state of a generator back.</summary>
    /// <param name="name">The name.</param>
    /// <param name="generator">The generator.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public void Restore(string name, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        generator.set_state(Find(name));
    }

    private Tensor Find(string name) => _content.Tensors.TryGetValue(_prefix + name, out var tensor) ? tensor : throw Missing(name, "tensor");

    private InvalidDataException Missing(string name, string kind) => new($"The checkpoint has no {kind} \"{_prefix}{name}\".");
}
