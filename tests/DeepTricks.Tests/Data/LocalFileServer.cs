using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DeepTricks.Tests.Data;

/// <summary>An HTTP server on 127.0.0.1 with the faults that real mirrors have.</summary>
internal sealed class LocalFileServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, byte[]> contentOf;

    public LocalFileServer(byte[] content)
        : this(_ => content)
    {
    }

    /// <param name="contentOf">The content of each file name.</param>
    public LocalFileServer(Func<string, byte[]> contentOf)
    {
        this.contentOf = contentOf;
        listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public Uri Folder => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/mnist/");

    /// <summary>The Range header of each request so far; "" where there was none.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The status to answer with in place of the file; taken one a request while there are any.</summary>
    public ConcurrentQueue<string> Statuses { get; } = new();

    /// <summary>The numbers of body bytes after which the connection is cut; taken one a request while there are any.</summary>
    public ConcurrentQueue<int> Cuts { get; } = new();

    public bool IgnoresRange { get; init; }

    /// <summary>The server answers the headers and then sends nothing.</summary>
    public bool Stalls { get; init; }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                if (!listener.Server.IsBound)
                {
                    return;
                }
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var range = "";
        var content = contentOf((await reader.ReadLineAsync() ?? "").Split(' ')[1].Split('/')[^1]);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase))
            {
                range = line["Range: ".Length..];
            }
        }

        Requests.Enqueue(range);
        var from = range.Length > 0 && !IgnoresRange ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
        var body = content.AsMemory(Math.Min(from, content.Length));
        if (!Statuses.TryDequeue(out var status))
        {
            status = from == 0 ? "200 OK" : from < content.Length ? "206 Partial Content" : "416 Range Not Satisfiable";
        }

        var ranges = status.StartsWith("206", StringComparison.Ordinal) ? $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}\r\n"
            : status.StartsWith("416", StringComparison.Ordinal) ? $"Content-Range: bytes */{content.Length}\r\n" : "";
        body = status.StartsWith('2') ? body : default;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{ranges}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        if (Stalls)
        {
            await Task.Delay(2000);
        }

        await stream.WriteAsync(Cuts.TryDequeue(out var cut) ? body[..Math.Min(cut, body.Length)] : body);
    }
}
