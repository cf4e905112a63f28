using System.Buffers.Binary;
using System.IO.Compression;
using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class IdxFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_Bytes_GivesShapeAndElements(bool compressed)
    {
        var content = Idx(0x08, [2, 3], [1, 2, 3, 4, 5, 255]);

        var file = Read(compressed ? Gzip(content) : content);

        Assert.Equal(IdxElementType.UInt8, file.ElementType);
        Assert.Equal([2, 3], file.Shape.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 255], file.Elements<byte>().ToArray());
    }

    [Fact]
    public void Read_EachElementType_IsBigEndian()
    {
        Assert.Equal([-2, 127], Read(Idx(0x09, [2], [0xFE, 0x7F])).Elements<sbyte>().ToArray());
        Assert.Equal([-2, 0x0102], Read(Idx(0x0B, [2], [0xFF, 0xFE, 0x01, 0x02])).Elements<short>().ToArray());
        Assert.Equal([0x01020304], Read(Idx(0x0C, [1], [1, 2, 3, 4])).Elements<int>().ToArray());
        Assert.Equal([1.5f], Read(Idx(0x0D, [1], [0x3F, 0xC0, 0, 0])).Elements<float>().ToArray());
        Assert.Equal([-2.0], Read(Idx(0x0E, [1], [0xC0, 0, 0, 0, 0, 0, 0, 0])).Elements<double>().ToArray());
    }

    [Fact]
    public void Read_MoreThanTheFirstAllocation_KeepsEveryByte()
    {
        var elements = new byte[3_000_001];
        new Random(1).NextBytes(elements);

        var file = Read(Gzip(Idx(0x08, [elements.Length], elements)));

        Assert.True(file.Bytes.SequenceEqual(elements));
    }

    [Fact]
    public void Read_NoElements_GivesAnEmptyArray() =>
        Assert.Equal(0, Read(Idx(0x0D, [0, 28, 28], [])).Bytes.Length);

    [Fact]
    public void Read_StreamThatCannotSeek_Works()
    {
        using var stream = new GZipStream(new MemoryStream(Gzip(Idx(0x08, [2], [3, 4]))), CompressionMode.Decompress);

        Assert.Equal([3, 4], IdxFile.Read(stream, "pipe").Bytes.ToArray());
    }

    [Theory]
    [InlineData(new byte[0], "ends within the magic number: 0 of 4 bytes")]
    [InlineData(new byte[] { 0, 0, 8 }, "ends within the magic number: 3 of 4 bytes")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0 }, "ends within the sizes of its 2 dimensions: 3 of 8 bytes")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2 }, "truncated")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 1, 2 }, "goes on after its 9 bytes")]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 0 }, "starts with 0x89504E47; expected 0x0000TTNN")]
    [InlineData(new byte[] { 0, 0, 0x0A, 1, 0, 0, 0, 0 }, "starts with 0x00000A01")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "starts with 0x00000800")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF }, "dimension 0 of 1 is 4294967295")]
    public void Read_BadContent_NamesTheFileAndTheFault(byte[] content, string expected)
    {
        foreach (var variant in new[] { content, Gzip(content) })
        {
            var exception = Assert.Throws<InvalidDataException>(() => Read(variant));

            Assert.StartsWith("digits.idx: ", exception.Message);
            Assert.Contains(expected, exception.Message);
        }
    }

    [Fact]
    public void Read_SizesThatOverflow_AreRefused()
    {
        var sizes = Enumerable.Repeat(int.MaxValue, 255).ToArray();

        var exception = Assert.Throws<InvalidDataException>(() => Read(Idx(0x0E, sizes, [])));

        Assert.Contains("or more; expected at most", exception.Message);
    }

    [Fact]
    public void Read_MoreThanTheLimit_IsRefused()
    {
        using var stream = new MemoryStream(Idx(0x08, [10], new byte[10]));

        var exception = Assert.Throws<InvalidDataException>(() => IdxFile.Read(stream, "digits.idx", byteLimit: 9));

        Assert.Contains("10 elements of type UInt8", exception.Message);
        Assert.Contains("at most 9", exception.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_FalseHeader_AllocatesNoMoreThanTheContentJustifies(bool compressed)
    {
        // Two gigabytes declared, four megabytes there; compressed so well that the ratio alone does not give it away.
        var content = Idx(0x08, [2_000_000_000], new byte[4_000_000]);
        var bytes = compressed ? Gzip(content) : content;
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => Read(bytes));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void Read_TruncatedGzip_IsRefused()
    {
        var elements = new byte[5000];
        new Random(2).NextBytes(elements);
        var content = Gzip(Idx(0x08, [elements.Length], elements));

        foreach (var length in new[] { 2, 9, 12, 100, content.Length / 2, content.Length - 9 })
        {
            var exception = Assert.Throws<InvalidDataException>(() => Read(content[..length]));

            Assert.StartsWith("digits.idx: ", exception.Message);
        }
    }

    [Fact]
    public void Read_TruncatedGzipTrailer_IsRefused()
    {
        var content = Gzip(Idx(0x08, [3], [1, 2, 3]));

        Assert.Throws<InvalidDataException>(() => Read(content[..^1]));
    }

    [Fact]
    public void Read_DamagedGzip_IsRefused()
    {
        var elements = new byte[5000];
        new Random(3).NextBytes(elements);
        var content = Gzip(Idx(0x08, [elements.Length], elements));
        content[^6] ^= 1; // within the CRC-32

        Assert.StartsWith("digits.idx: ", Assert.Throws<InvalidDataException>(() => Read(content)).Message);
    }

    [Fact]
    public void Read_BytesAfterTheGzipMember_AreRefused()
    {
        byte[] content = [.. Gzip(Idx(0x08, [3], [1, 2, 3])), 1, 2, 3, 4, 5];

        Assert.Contains("goes on after its first member", Assert.Throws<InvalidDataException>(() => Read(content)).Message);
    }

    [Fact]
    public void Elements_OfAnotherType_NamesBoth()
    {
        var file = Read(Idx(0x08, [1], [7]));

        var exception = Assert.Throws<ArgumentException>(() => file.Elements<float>().Length);

        Assert.Contains("Byte", exception.Message);
        Assert.Contains("Single", exception.Message);
    }

    [Fact]
    public void ToTensor_EachElementType_KeepsShapeAndValues()
    {
        using var bytes = Read(Idx(0x08, [2, 2], [1, 2, 3, 255])).ToTensor();
        using var doubles = Read(Idx(0x0E, [1, 1], [0xC0, 0, 0, 0, 0, 0, 0, 0])).ToTensor();
        using var shorts = Read(Idx(0x0B, [1], [0xFF, 0xFE])).ToTensor();

        Assert.Equal([2L, 2], bytes.shape);
        Assert.Equal([1, 2, 3, 255], bytes.data<byte>().ToArray());
        Assert.Equal([-2.0], doubles.data<double>().ToArray());
        Assert.Equal([(short)-2], shorts.data<short>().ToArray());
    }

    internal static byte[] Idx(byte type, int[] sizes, byte[] elements)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        (header[2], header[3]) = (type, (byte)sizes.Length);
        for (var d = 0; d < sizes.Length; d++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * d)), sizes[d]);
        }

        return [.. header, .. elements];
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        // .NET writes no header for empty content; the empty member of RFC 1952 then stands in.
        return result.Length > 0 ? result.ToArray() : Convert.FromHexString("1F8B080000000000000303000000000000000000");
    }

    private static IdxFile Read(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return IdxFile.Read(stream, "digits.idx");
    }
}
