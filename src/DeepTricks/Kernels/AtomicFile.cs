namespace DeepTricks.Kernels;

/// <summary>Replaces files whole or not at all: a reader, or a process killed at any moment, finds the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file beside <paramref name="path"/>, flushes it to the disk and renames it over the target.
    /// When <paramref name="write"/> throws, the old file stays as it was and the temporary one is removed.
    /// </summary>
    /// <param name="path">The file to replace or create; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content; the stream can seek and is closed afterwards.</param>
    internal static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        path = Path.GetFullPath(path);
        if (Path.GetDirectoryName(path) is { } folder)
            Directory.CreateDirectory(folder);

        // The same folder, for a rename is atomic only within one file system; a name of its own, for two writers must not share it.
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
