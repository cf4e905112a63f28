using System.Numerics;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>
/// A checkpoint of PyTorch or safetensors, opened: its tensors are known by name, shape and dtype, and read when they are asked for, straight
/// into their own memory and each byte once. It reads what <c>torch.save</c> writes (the zip format, and the one before PyTorch 1.6; dictionaries,
/// nested ones, whole modules as far as their tensors go), safetensors, and folders of Hugging Face, sharded or not.
/// </summary>
/// <remarks>
/// Pickles are programs, and here none runs: a small interpreter builds numbers, texts, containers and tensors, and whatever else a
/// pickle mentions is listed in <see cref="UnknownGlobals"/> and never called. The file stays open until this is disposed of. Not for use by several
/// threads at once.
/// </remarks>
/// <example>
/// <code>
/// using var file = CheckpointFile.Open("resnet50.pth");
/// foreach (var entry in file.Entries) Console.WriteLine($"{entry.Name} {entry.Type} {entry.Shape.ShapeText()}");
/// var report = file.LoadInto(model);
/// </code>
/// </example>
public sealed class CheckpointFile : IDisposable
{
    private readonly List<StoredFile> _files = [];
    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly List<Func<string, object?>> _values = [];

    private CheckpointFile(string path) => Path = path;

    /// <summary>The file, or the index of several.</summary>
    public string Path { get; }

    /// <summary>The part of a nested checkpoint that the tensors come from, as a path; empty where it is the whole file.</summary>
    public string Root { get; private set; } = "";

    /// <summary>The tensors, in the file's order.</summary>
    public IReadOnlyList<CheckpointEntry> Entries { get; private set; } = [];

    /// <summary>
    /// The names of classes and functions that the file mentions and that are not on the list of what is needed for tensors. None was called;
    /// a whole module names the classes of its parts here, and a malicious file what it wanted to run.
    /// </summary>
    public IReadOnlyCollection<string> UnknownGlobals => _unknown;

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">A file, an index (<c>*.index.json</c>), or a folder of Hugging Face. The kind is found by the content.</param>
    /// <param name="options">The settings; see <see cref="CheckpointReadOptions"/> for the defaults.</param>
    /// <returns>The file, to be disposed of.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or no checkpoint in the folder.</exception>
    /// <exception cref="InvalidDataException">The file is cut off, damaged, or something else; the message says what is wrong with it.</exception>
    public static CheckpointFile Open(string path, CheckpointReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new();
        var opened = new CheckpointFile(Directory.Exists(path) ? ShardedFolder.FileIn(path) : path);
        try
        {
            if (ShardedFolder.IsIndex(opened.Path))
                opened.OpenShards(options);
            else
                opened.Add(opened.Path, options, only: null);
            opened.Entries = [.. opened._tensors.Select(pair => new CheckpointEntry(pair.Key, pair.Value.Type, pair.Value.Shape, pair.Value.Count * pair.Value.ElementSize))];
            return opened;
        }
        catch (Exception error)
        {
            opened.Dispose();
            if (Malformed(error))
                throw opened.Bad(error);
            throw;
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">Its name in <see cref="Entries"/>.</param>
    /// <returns>The tensor, on the CPU and without gradients; with the strides that it was saved with, where those cover its elements without a gap.</returns>
    /// <exception cref="ArgumentException">There is no tensor of this name.</exception>
    /// <exception cref="InvalidDataException">The file is damaged there.</exception>
    public Tensor Read(string name) => Guarded(() => TensorReader.Read(Stored(name)));

    /// <summary>Reads one tensor into memory that is there already. Gradients do not see it.</summary>
    /// <param name="name">Its name in <see cref="Entries"/>.</param>
    /// <param name="target">A tensor of the same shape and dtype, on any device.</param>
    /// <exception cref="ArgumentException">There is no tensor of this name, or the shape or dtype of <paramref name="target"/> is another.</exception>
    /// <exception cref="InvalidDataException">The file is damaged there.</exception>
    public void ReadInto(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var stored = Stored(name);
        if (!target.shape.AsSpan().SequenceEqual(stored.Shape) || target.dtype != stored.Type)
            throw new ArgumentException($"The target is {target.dtype} {target.ShapeText()}; expected {stored.Type} {stored.Shape.ShapeText()}, as \"{name}\" is in the file.", nameof(target));
        CopyInto(name, target);
    }

    /// <summary>Reads all tensors.</summary>
    /// <returns>The tensors by name, to be disposed of by the caller. Names that share their memory in the file have copies of their own.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public Dictionary<string, Tensor> ReadAll()
    {
        using var scope = NewDisposeScope();
        var tensors = _tensors.Keys.ToDictionary(name => name, Read);
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>Finds a number, truth value or text beside the tensors: "epoch", "optimizer.param_groups.0.lr", or an entry of safetensors' metadata.</summary>
    /// <param name="path">The keys and positions from the top of the file, with dots between them.</param>
    /// <returns>A <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="bool"/> or <see cref="string"/>; null where there is none.</returns>
    public object? Value(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Guarded(() => _values.Select(find => find(path)).FirstOrDefault(value => value is long or BigInteger or double or bool or string));
    }

    /// <summary>Loads the tensors into a module: everything that was asked for, or nothing.</summary>
    /// <param name="module">The module. Its parameters and buffers keep their memory, device, dtype and <c>requires_grad</c>.</param>
    /// <param name="options">The settings; strict by default, see <see cref="CheckpointLoadOptions"/>.</param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="CheckpointLoadException">Something that was asked for cannot be loaded; the module is as it was, and the message is the report.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public CheckpointLoadReport LoadInto(nn.Module module, CheckpointLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        return ModuleLoading.Load(this, module, options ?? new());
    }

    /// <summary>Closes the file. Tensors that were read stay.</summary>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
        _files.Clear();
    }

    internal StoredTensor Stored(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _tensors.TryGetValue(name, out var stored) ? stored : throw new ArgumentException($"There is no tensor \"{name}\" in {Path}.", nameof(name));
    }

    /// <summary>Finds out whether a tensor can be read, as far as its place in the file does not tell.</summary>
    internal void Verify(string name) => Guarded(() =>
    {
        Stored(name).Bytes.Verify();
        return true;
    });

    internal void CopyInto(string name, Tensor target) => Guarded(() =>
    {
        TensorReader.ReadInto(Stored(name), target);
        return true;
    });

    internal Dictionary<string, string> Metadata { get; } = [];

    private void OpenShards(CheckpointReadOptions options)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        foreach (var (shard, names) in ShardedFolder.Shards(Path, options))
            Add(System.IO.Path.Combine(folder, shard), options, names);
    }

    private void Add(string path, CheckpointReadOptions options, List<string>? only)
    {
        var file = new StoredFile(path);
        _files.Add(file);
        var content = Content(file, options);
        foreach (var name in only ?? [.. content.Tensors.Keys])
            if (!content.Tensors.TryGetValue(name, out var tensor))
                throw new InvalidDataException($"the shard {System.IO.Path.GetFileName(path)} lacks \"{name}\", which the index says it has.");
            else if (!_tensors.TryAdd(name, tensor))
                throw new InvalidDataException($"the index has \"{name}\" twice.");
        _unknown.UnionWith(content.UnknownGlobals);
        _values.Add(content.Value);
        Root = content.Root;
    }

    private FileContent Content(StoredFile file, CheckpointReadOptions options)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(file.Length, 16)];
        file.CopyTo(0, start);
        if (start.StartsWith("PK\u0003\u0004"u8))
            return ZipCheckpoint.Read(file, options);
        if (LegacyCheckpoint.Is(start))
            return LegacyCheckpoint.Read(file, options);
        // The same byte may begin the length of a safetensors header, which begins at the ninth.
        if (start is [0x80, ..] and not [_, _, _, _, _, _, _, _, (byte)'{', ..])
            throw new InvalidDataException("a pickle that torch.save did not write.");
        var header = SafeTensorsHeader.Read(file, options);
        foreach (var (name, text) in header.Metadata)
            Metadata[name] = text;
        return new(header.Tensors, "", [], header.Metadata.GetValueOrDefault);
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (Malformed(error))
        {
            throw Bad(error);
        }
    }

    private InvalidDataException Bad(Exception error) => new($"{Path}: {error.Message}", error);

    private static bool Malformed(Exception error) => error is InvalidDataException or EndOfStreamException or OverflowException;
}
