using System.IO.Compression;
using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Checkpoints;

/// <summary>
/// State dictionaries in the format of <c>torch.save</c>, a zip archive. Python reads them with <c>torch.load</c>, <c>weights_only=True</c> included;
/// <see cref="CheckpointFile"/> reads them here.
/// </summary>
public static class PyTorchFile
{
    /// <summary>Writes tensors to a file, whole or not at all: a process killed meanwhile leaves the old file as it was.</summary>
    /// <param name="path">The file to replace or create; its folder is created where it is missing.</param>
    /// <param name="tensors">The tensors by name, of any shape, device and dtype; they are written as contiguous ones of the CPU, each with a storage of its own.</param>
    /// <exception cref="ArgumentException">A name stands there twice.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var listed = tensors.ToArray();
        if (listed.CountBy(pair => pair.Key).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"The name \"{twice}\" is there twice.", nameof(tensors));
        AtomicFile.Write(path, stream =>
        {
            // Python's reader takes any name of the folder; PyTorch takes this one where it knows no name of the file.
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            Stream Record(string name) => archive.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();

            using (var pickle = Record("data.pkl"))
                pickle.Write(PickleWriter.StateDictionary(listed));
            for (var i = 0; i < listed.Length; i++)
            {
                using var storage = Record($"data/{i}");
                TensorWriter.Write(storage, listed[i].Value);
            }
            using var version = Record("version");
            version.Write("3\n"u8);
        });
    }
}
