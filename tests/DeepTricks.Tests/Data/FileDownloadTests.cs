using System.Security.Cryptography;
using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class FileDownloadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deeptricks-download-").FullName;
    private readonly byte[] content = new byte[300_000];
    private readonly FileChecksum checksum;

    public FileDownloadTests()
    {
        new Random(4).NextBytes(content);
        checksum = FileChecksum.Sha256(Convert.ToHexString(SHA256.HashData(content)));
    }

    private string Target => Path.Combine(folder, "digits.gz");

    private string Part => Target + ".part";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task FetchAsync_NewFile_ArrivesWhole()
    {
        using var server = new LocalFileServer(content);

        var path = await FetchAsync(server);

        Assert.Equal(Target, path);
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.False(File.Exists(Part));
        Assert.Equal([""], server.Requests);
    }

    [Fact]
    public async Task FetchAsync_FileThatIsThere_AsksNobody()
    {
        File.WriteAllBytes(Target, content);
        using var server = new LocalFileServer(content);

        await FetchAsync(server);

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task FetchAsync_ConnectionLost_GoesOnWhereItStopped()
    {
        using var server = new LocalFileServer(content);
        server.Cuts.Enqueue(100_000);
        server.Cuts.Enqueue(50_000);

        await FetchAsync(server);

        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal(["", "bytes=100000-", "bytes=150000-"], server.Requests);
    }

    [Fact]
    public async Task FetchAsync_LostForGood_KeepsThePartForALaterCall()
    {
        using (var server = new LocalFileServer(content))
        {
            server.Cuts.Enqueue(120_000);

            var exception = await Assert.ThrowsAsync<IOException>(() => FetchAsync(server, attempts: 1));

            Assert.Contains(new Uri(server.Folder, "digits.gz").ToString(), exception.Message);
            Assert.Equal(120_000, new FileInfo(Part).Length);
            Assert.False(File.Exists(Target));
        }

        using var again = new LocalFileServer(content);
        await FetchAsync(again);

        Assert.Equal(["bytes=120000-"], again.Requests);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task FetchAsync_ServerIgnoresRange_StartsOver()
    {
        File.WriteAllBytes(Part, content[..1000]);
        using var server = new LocalFileServer(content) { IgnoresRange = true };

        await FetchAsync(server);

        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal(["bytes=1000-"], server.Requests);
    }

    [Fact]
    public async Task FetchAsync_PartIsWhole_OnlyVerifies()
    {
        File.WriteAllBytes(Part, content);
        using var server = new LocalFileServer(content);

        await FetchAsync(server);

        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task FetchAsync_PartOfAnotherFile_StartsOverOnce()
    {
        File.WriteAllBytes(Part, new byte[1000]);
        using var server = new LocalFileServer(content);

        await FetchAsync(server, attempts: 1);

        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal(["bytes=1000-", ""], server.Requests);
    }

    [Fact]
    public async Task FetchAsync_WrongChecksum_LeavesNothingAndNamesBoth()
    {
        using var server = new LocalFileServer(content[1..]);

        var exception = await Assert.ThrowsAsync<IOException>(() => FetchAsync(server));

        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(1))), exception.Message);
        Assert.Contains(checksum.Hexadecimal, exception.Message);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task FetchAsync_NotFound_GoesToTheNextMirrorAtOnce()
    {
        using var empty = new LocalFileServer(content);
        empty.Statuses.Enqueue("404 Not Found");
        using var server = new LocalFileServer(content);

        await FileDownload.FetchAsync("digits.gz", checksum, folder, Options(3, empty.Folder, server.Folder));

        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal([""], empty.Requests);
    }

    [Fact]
    public async Task FetchAsync_NoMirrorHasIt_SaysWhatEachAnswered()
    {
        using var first = new LocalFileServer(content);
        first.Statuses.Enqueue("404 Not Found");
        using var second = new LocalFileServer(content);
        second.Statuses.Enqueue("403 Forbidden");

        var exception = await Assert.ThrowsAsync<IOException>(
            () => FileDownload.FetchAsync("digits.gz", checksum, folder, Options(3, first.Folder, second.Folder)));

        Assert.Contains($"{first.Folder}digits.gz: the server answered 404", exception.Message);
        Assert.Contains($"{second.Folder}digits.gz: the server answered 403", exception.Message);
    }

    [Fact]
    public async Task FetchAsync_ServerError_TriesAgain()
    {
        using var server = new LocalFileServer(content);
        server.Statuses.Enqueue("503 Service Unavailable");

        await FetchAsync(server);

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task FetchAsync_NothingArrives_GivesUp()
    {
        using var server = new LocalFileServer(content) { Stalls = true };
        var options = Options(1, server.Folder) with { StallTimeout = TimeSpan.FromSeconds(0.3) };

        var exception = await Assert.ThrowsAsync<IOException>(() => FileDownload.FetchAsync("digits.gz", checksum, folder, options));

        Assert.Contains("nothing arrived for 0.3 seconds", exception.Message);
    }

    [Fact]
    public async Task FetchAsync_LongerThanAccepted_IsRefused()
    {
        using var server = new LocalFileServer(content);
        var options = Options(3, server.Folder) with { MaximumLength = 299_999 };

        var exception = await Assert.ThrowsAsync<IOException>(() => FileDownload.FetchAsync("digits.gz", checksum, folder, options));

        Assert.Contains("the file has 300000 bytes; expected at most 299999", exception.Message);
    }

    [Fact]
    public async Task FetchAsync_Cancelled_KeepsThePart()
    {
        using var server = new LocalFileServer(content);
        using var cancellation = new CancellationTokenSource();
        File.WriteAllBytes(Part, content[..500]);
        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => FileDownload.FetchAsync("digits.gz", checksum, folder, Options(3, server.Folder), cancellation.Token));

        Assert.Equal(500, new FileInfo(Part).Length);
    }

    [Fact]
    public async Task FetchAsync_NameWithAPath_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>("fileName",
            () => FileDownload.FetchAsync("../digits.gz", checksum, folder, Options(1, new Uri("http://127.0.0.1/"))));

    [Fact]
    public void Options_BadValues_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new DownloadOptions { Mirrors = [] });
        Assert.Throws<ArgumentException>(() => new DownloadOptions { Mirrors = [new Uri("http://127.0.0.1/folder")] });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options(0, new Uri("http://127.0.0.1/")));
        Assert.Throws<ArgumentException>(() => FileChecksum.Sha256("12"));
        Assert.Throws<ArgumentException>(() => FileChecksum.Md5(new string('x', 32)));
    }

    private static DownloadOptions Options(int attempts, params Uri[] mirrors) =>
        new() { Mirrors = mirrors, AttemptsPerMirror = attempts, RetryDelay = TimeSpan.FromMilliseconds(1) };

    private Task<string> FetchAsync(LocalFileServer server, int attempts = 3) =>
        FileDownload.FetchAsync("digits.gz", checksum, folder, Options(attempts, server.Folder));
}
