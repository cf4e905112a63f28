using System.Collections;

namespace TorchSharp.PyBridge;

/// <summary>Reads what <c>torch.save</c> wrote: state dictionaries, and dictionaries with anything made of tensors, numbers, text and containers.</summary>
public static class PyTorchUnpickler
{
    public static Hashtable UnpickleStateDict(string file) => UnpickleStateDict(File.OpenRead(file));

    /// <summary>Reads the dictionary; within it lists are array lists, tuples arrays, dictionaries hash tables.</summary>
    /// <param name="stream">An archive from its beginning.</param>
    /// <param name="leaveOpen">Whether the stream stays open.</param>
    /// <param name="skipTensorRead">Whether to put descriptions in place of the tensors; the stream stays open then.</param>
    public static Hashtable UnpickleStateDict(Stream stream, bool leaveOpen = false, bool skipTensorRead = false)
    {
        if (skipTensorRead && !leaveOpen) throw new ArgumentException("A stream whose tensors are read later has to stay open.", nameof(leaveOpen));
        using var archive = Open(stream, leaveOpen, out var table);
        if (!skipTensorRead) ReadTensors(table);
        return table;
    }

    /// <summary>Opens an archive and reads its dictionary, but no tensor; closes the stream where that fails.</summary>
    internal static StateArchive Open(Stream stream, bool leaveOpen, out Hashtable table)
    {
        StateArchive? archive = null;
        try
        {
            archive = new(stream, leaveOpen);
            table = archive.Unpickle() as Hashtable ?? throw new InvalidDataException("The file holds no dictionary.");
            return archive;
        }
        catch
        {
            archive?.Dispose();
            if (!leaveOpen) stream.Dispose();
            throw;
        }
    }

    // Without recursion, and each container once: a pickle may be as deep as it likes, or hold itself.
    private static void ReadTensors(Hashtable root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { root };
        var waiting = new Stack<object>(seen);
        while (waiting.TryPop(out var container))
        {
            if (container is Hashtable table)
            {
                foreach (var key in table.Keys.Cast<object>().ToArray()) table[key] = Visit(table[key]);
                continue;
            }
            var list = (IList)container;
            for (var i = 0; i < list.Count; i++) list[i] = Visit(list[i]);
        }

        object? Visit(object? value)
        {
            if (value is PendingTensor tensor) return tensor.Read();
            if (value is Hashtable or ArrayList or object?[] && seen.Add(value)) waiting.Push(value);
            return value;
        }
    }
}
