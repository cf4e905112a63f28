namespace DeepTricks.Kernels;

/// <summary>What reading and writing PNG (ISO/IEC 15948) have in common.</summary>
internal static class PngFormat
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcEntry)];

    /// <summary>The eight bytes with which each file begins.</summary>
    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>The checksum of a chunk (annex D).</summary>
    internal static uint Checksum(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data) => ~Crc(data, Crc(type, uint.MaxValue));

    /// <summary>The neighbour that is nearest to left + up − corner (9.4).</summary>
    internal static int Paeth(int left, int up, int corner)
    {
        var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (var value in data)
            crc = CrcTable[(byte)crc ^ value] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcEntry(int index)
    {
        var crc = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) == 0 ? crc >> 1 : 0xedb88320 ^ (crc >> 1);
        return crc;
    }
}
