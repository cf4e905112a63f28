using System.Collections;
using System.IO.Compression;
using static TorchSharp.torch;

namespace TorchSharp.PyBridge;

/// <summary>Writes what <c>torch.load</c> reads.</summary>
public static class PyTorchPickler
{
    public static void PickleStateDict(string file, IDictionary source) => PickleStateDict(File.Create(file), source);

    public static void PickleStateDict(Stream stream, IDictionary source, bool leaveOpen = false)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen);
        var names = new Dictionary<Tensor, string>(ReferenceEqualityComparer.Instance);
        using var pickle = new MemoryStream();
        new PickleWriter(pickle, Store).Write(source);
        using (var entry = New(zip, "data.pkl")) pickle.WriteTo(entry);
        using (var entry = New(zip, "version")) entry.Write("3\n"u8);

        // A tensor under two names is stored once, and shared again after loading.
        string Store(Tensor tensor)
        {
            if (names.TryGetValue(tensor, out var known)) return known;
            var name = names.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            using var entry = New(zip, $"data/{name}");
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            tensor.cpu().contiguous().WriteBytesToStream(entry, 1 << 16);
            return names[tensor] = name;
        }
    }

    // Stored as they are: PyTorch does the same, and weights do not compress.
    private static Stream New(ZipArchive zip, string name) => zip.CreateEntry($"model/{name}", CompressionLevel.NoCompression).Open();
}
