namespace DeepTricks.Data;

/// <summary>How <see cref="FileDownload"/> fetches a file.</summary>
public sealed record DownloadOptions
{
    /// <summary>The addresses of the folders that hold the file, tried in this order; each ends with a slash. At least one.</summary>
    public required IReadOnlyList<Uri> Mirrors
    {
        get;
        init => field = value.Count > 0 && value.All(mirror => mirror.IsAbsoluteUri && mirror.AbsolutePath.EndsWith('/'))
            ? value
            : throw new ArgumentException(
                $"[{string.Join(", ", value)}] came; expected at least one absolute address, each ending with '/'.", nameof(Mirrors));
    }

    /// <summary>
    /// How often a mirror is asked before the next one, after a lost connection or a server error; default 3. Each attempt goes on
    /// where the last one stopped.
    /// </summary>
    public int AttemptsPerMirror
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(AttemptsPerMirror), value, "Expected at least 1.");
    } = 3;

    /// <summary>The pause before the second attempt at a mirror, doubled before each further one; default 0.5 seconds.</summary>
    public TimeSpan RetryDelay
    {
        get;
        init => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RetryDelay), value, "Expected zero or more.");
    } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// How long to wait for a server's answer, or for its next bytes, before the attempt is given up; default 20 seconds.
    /// </summary>
    public TimeSpan StallTimeout
    {
        get;
        init => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StallTimeout), value, "Expected more than zero.");
    } = TimeSpan.FromSeconds(20);

    /// <summary>The longest file to accept, in bytes; default 1 GiB.</summary>
    public long MaximumLength
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumLength), value, "Expected at least 1.");
    } = 1L << 30;

    /// <summary>Told the bytes that are on disk and the expected total (null where the server does not say); null for no reports.</summary>
    public IProgress<(string FileName, long Bytes, long? Total)>? Progress { get; init; }
}
