using System.Net;
using System.Net.Http.Headers;

namespace DeepTricks.Data;

/// <summary>
/// Downloads a published file into a folder: resumable, verified, and visible under its name only when it is whole.
/// </summary>
/// <remarks>
/// The bytes go to NAME.part, which stays when a download is interrupted; the next attempt, in this process or a later one, asks for
/// the rest with an HTTP range request, and starts over where the server ignores it. When everything is there, the checksum is
/// compared, and NAME.part is renamed to NAME. A part that turns out wrong is deleted and the download starts over once, then
/// goes to the next mirror.
/// </remarks>
public static class FileDownload
{
    private const int BufferSize = 1 << 16;

    // One handler for the process keeps connections open between files. Content must arrive as published: nothing is decompressed on
    // the way.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Brings the file into the folder, or finds that it is there already, with the right checksum.</summary>
    /// <param name="fileName">The name of the file at the mirrors and in the folder, without a path.</param>
    /// <param name="checksum">What the publisher says the file hashes to.</param>
    /// <param name="directory">The folder; made where it does not exist.</param>
    /// <param name="options">Mirrors, attempts and time limits.</param>
    /// <param name="cancellation">Stops the download; the part stays for the next attempt.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="ArgumentException"><paramref name="fileName"/> is empty or holds a path.</exception>
    /// <exception cref="IOException">No mirror gave the file (the message says what each answered), or it cannot be written.</exception>
    public static async Task<string> FetchAsync(
        string fileName, FileChecksum checksum, string directory, DownloadOptions options, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(checksum);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        if (Path.GetFileName(fileName) != fileName)
        {
            throw new ArgumentException($"'{fileName}' came; expected a name without a path.", nameof(fileName));
        }

        var path = Path.Combine(directory, fileName);
        if (File.Exists(path) && checksum.Compute(path) == checksum.Hexadecimal)
        {
            return path;
        }

        Directory.CreateDirectory(directory);
        var part = path + ".part";
        var failures = new List<string>();
        foreach (var mirror in options.Mirrors)
        {
            var address = new Uri(mirror, fileName);
            var failure = await FetchFromAsync(address, part, checksum, options, cancellation).ConfigureAwait(false);
            if (failure is null)
            {
                File.Move(part, path, overwrite: true);
                return path;
            }

            failures.Add($"{address}: {failure}");
        }

        throw new IOException($"{fileName} could not be downloaded. {string.Join(" ", failures)}");
    }

    /// <summary>Fills the part from one mirror and verifies it; returns why that failed, or null.</summary>
    private static async Task<string?> FetchFromAsync(
        Uri address, string part, FileChecksum checksum, DownloadOptions options, CancellationToken cancellation)
    {
        var failure = "";
        var delay = options.RetryDelay;
        var startedOver = false;
        for (var attempt = 0; attempt < options.AttemptsPerMirror; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(delay, cancellation).ConfigureAwait(false);
                delay *= 2;
            }

            var resumed = File.Exists(part) && new FileInfo(part).Length > 0;
            try
            {
                await ReceiveAsync(address, part, options, cancellation).ConfigureAwait(false);
            }
            catch (DownloadRefusedException exception)
            {
                return exception.Message;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
            {
                failure = exception.Message;
                continue;
            }

            var found = checksum.Compute(part);
            if (found == checksum.Hexadecimal)
            {
                return null;
            }

            File.Delete(part);
            failure = $"the content's {checksum.Algorithm.Name} is {found}; expected {checksum.Hexadecimal}.";
            if (!resumed || startedOver)
            {
                return failure;
            }

            // The part may have come from another mirror or an older version of the file: a fresh start tells.
            startedOver = true;
            attempt--;
        }

        return failure;
    }

    private static async Task ReceiveAsync(Uri address, string part, DownloadOptions options, CancellationToken cancellation)
    {
        await using var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, BufferSize, useAsync: true);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(options.StallTimeout);
        try
        {
            using var response = await RequestAsync(address, file.Length, stall.Token).ConfigureAwait(false);
            var (start, total) = PlaceOfBody(response, file.Length);
            if (start is null)
            {
                return;
            }

            if (total > options.MaximumLength)
            {
                throw new DownloadRefusedException($"the file has {total} bytes; expected at most {options.MaximumLength}.");
            }

            file.SetLength(start.Value);
            file.Seek(start.Value, SeekOrigin.Begin);
            await using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            var buffer = new byte[BufferSize];
            while (true)
            {
                stall.CancelAfter(options.StallTimeout);
                var count = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                await file.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
                if (file.Position > options.MaximumLength)
                {
                    throw new DownloadRefusedException($"the file goes on after {options.MaximumLength} bytes, the most that is accepted.");
                }

                options.Progress?.Report((Path.GetFileNameWithoutExtension(part), file.Position, total));
            }

            await file.FlushAsync(cancellation).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
            if (total is { } expected && file.Length < expected)
            {
                throw new IOException($"the connection ended after {file.Length} of {expected} bytes.");
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing arrived for {options.StallTimeout.TotalSeconds:0.#} seconds.");
        }
    }

    private static async Task<HttpResponseMessage> RequestAsync(Uri address, long have, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptEncoding.ParseAdd("identity");
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
    }

    /// <summary>Where in the file the body belongs (null: nothing is missing) and how long the file is, where the server says so.</summary>
    private static (long? Start, long? Total) PlaceOfBody(HttpResponseMessage response, long have)
    {
        var range = response.Content.Headers.ContentRange;
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when range is { From: { } from } && from <= have:
                return (from, range.Length);
            case HttpStatusCode.PartialContent:
                throw new DownloadRefusedException($"bytes from {have} were asked for; the server answered with the range '{range}'.");
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                // The part is whole, or longer than the file; the checksum tells which.
                return (null, range?.Length);
            case HttpStatusCode.OK:
                return (0, response.Content.Headers.ContentLength);
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests:
            case >= HttpStatusCode.InternalServerError:
                throw new HttpRequestException($"the server answered {(int)response.StatusCode} ({response.ReasonPhrase}).");
            default:
                throw new DownloadRefusedException($"the server answered {(int)response.StatusCode} ({response.ReasonPhrase}).");
        }
    }

    /// <summary>An answer that asking again would not change.</summary>
    private sealed class DownloadRefusedException(string message) : Exception(message);
}
